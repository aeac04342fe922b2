import pytest

from annotations.errors import QueueClosed, ReviewRefused
from annotations.gold.items import add_gold
from annotations.leases.lifecycle import next_lease, release_queue
from annotations.models import Event, Item
from annotations.queues.operations import change_rules, duplicate, set_status
from tests.annotations.factories import answer, make_queue, take
from tests.factories import make_trace, make_user

pytestmark = pytest.mark.django_db


def test_a_closed_queue_takes_back_what_people_hold_and_stays_closed(lead):
    queue, user = make_queue(2), make_user()
    take(queue, user)
    closed = set_status(queue, "closed", by=lead)
    assert release_queue(closed) == 1
    assert Item.objects.filter(free_slots=[0]).count() == 2
    with pytest.raises(QueueClosed):
        next_lease(closed, user)
    with pytest.raises(QueueClosed):
        set_status(queue, "open", by=lead)


def test_a_paused_queue_goes_on(lead):
    queue = make_queue(1)
    set_status(queue, "paused", by=lead)
    take(set_status(queue, "open", by=lead), make_user())
    changes = Event.objects.filter(kind="status").order_by("id").values_list("details", flat=True)
    assert list(changes) == [{"status": "paused"}, {"status": "open"}]


def test_a_copy_has_the_rules_people_and_known_answers_and_no_work(lead):
    queue, user = make_queue(2, gold_share=0.1, guidelines="Look *closely*."), make_user()
    add_gold(queue, make_trace(queue.dataset), 1)
    answer(queue, user)
    copy = duplicate(queue, "again", by=lead)
    assert (copy.guidelines, copy.gold_share) == ("Look *closely*.", 0.1)
    assert {member.user for member in copy.members.all()} == {lead, user}
    assert list(copy.items.order_by("trace").values_list("purpose", "people")) == [
        ("work", 0),
        ("work", 0),
        ("gold", 0),
    ]


def test_what_the_sample_was_drawn_by_cannot_change(lead):
    queue = make_queue(1)
    for rules in ({"random_share": 0.5}, {"order": "random"}, {"label_scheme": "every_step"}):
        with pytest.raises(ReviewRefused, match="Duplicate the queue"):
            change_rules(queue, by=lead, **rules)


def test_overlap_can_only_be_raised(lead):
    queue = make_queue(1, overlap=2)
    with pytest.raises(ReviewRefused, match="only be raised"):
        change_rules(queue, by=lead, overlap=1)
    changed = change_rules(queue, by=lead, overlap=3, name="three people")
    assert (changed.overlap, changed.max_overlap, changed.name) == (3, 3, "three people")
    assert Event.objects.get(kind="changed").details == {"changed": ["name", "overlap"]}
