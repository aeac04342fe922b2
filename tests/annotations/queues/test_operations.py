import pytest

from annotations.errors import QueueClosed, ReviewRefused
from annotations.gold.items import add_gold
from annotations.leases.lifecycle import next_lease, release_queue
from annotations.models import Event, Item, Lease, Queue
from annotations.queues.create import create_queue, default_queue
from annotations.queues.delete import count_deletions, delete_queue
from annotations.queues.operations import change_rules, duplicate, set_status
from annotations.queues.populate import fill
from tests.annotations.making import answer, make_queue, take
from tests.factories import make_dataset, make_scorer, make_trace, make_user, make_verdict
from traces.models import Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return make_user(role="lead")


def test_who_makes_a_queue_leads_it(lead):
    queue = create_queue(make_dataset(), "mine", created_by=lead)
    assert [(m.user, m.role) for m in queue.members.all()] == [(lead, "lead")]


def test_filling_takes_what_the_choices_choose():
    dataset = make_dataset()
    wanted = make_trace(dataset, generator="model-b")
    make_trace(dataset, generator="model-a")
    queue = make_queue(0, dataset=dataset, choices={"generator": wanted.generator_id})
    assert list(queue.items.values_list("trace", flat=True)) == [wanted.pk]
    assert fill(queue) == 0


def test_filling_takes_what_judges_disagree_on():
    dataset = make_dataset()
    judges = [make_scorer().judge, make_scorer().judge]
    split, alike, lone = (make_trace(dataset) for _ in range(3))
    for trace, labels in [(split, [0, 1]), (alike, [1, 1]), (lone, [1])]:
        for judge, label in zip(judges, labels, strict=False):
            make_verdict(trace, judge, label)
    queue = make_queue(0, dataset=dataset, disagreeing=[judge.pk for judge in judges])
    assert list(queue.items.values_list("trace", flat=True)) == [split.pk]


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


def test_deleting_says_count_deletions_and_leaves_the_verdicts(lead):
    queue, other, user = make_queue(3), make_queue(2), make_user()
    answer(queue, user)
    take(queue, user)
    going = count_deletions(queue)
    assert (going.items, going.held, going.verdicts_staying) == (3, 1, 2)
    assert delete_queue(queue, by=lead) == going
    assert list(Queue.objects.all()) == [other]
    assert Item.objects.count() == 2
    assert not Lease.objects.exists()
    assert Verdict.objects.count() == 2


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


def test_the_default_queue_takes_in_traces_that_came_since():
    dataset = make_trace().dataset
    queue = default_queue(dataset)
    late = make_trace(dataset)
    assert default_queue(dataset) == queue
    assert list(queue.items.order_by("pk").values_list("trace", flat=True))[-1] == late.pk
    assert Event.objects.filter(kind="filled").count() == 2
