import uuid

import pytest

from annotations.errors import ReviewRefused
from annotations.gold.items import add_gold
from annotations.gold.monitoring import score
from annotations.leases.lifecycle import next_lease
from annotations.models import Item, Lease
from annotations.review.skip import skip
from annotations.review.submit import revise
from annotations.review.verdicts import Review
from tests.annotations.factories import answer, make_queue, people, send, take, with_gold
from tests.factories import make_trace, make_user

pytestmark = pytest.mark.django_db


def test_gold_goes_to_everybody_and_takes_no_slot():
    queue, users = with_gold(1, gold_share=1.0), people(3)
    given = [take(queue, user) for user in users]
    assert [lease.item.purpose for lease in given] == ["gold"] * 3
    assert [lease.slot for lease in given] == [None] * 3


def test_gold_is_given_once_to_a_person_and_then_work_goes_on():
    queue, user = with_gold(1, gold_share=1.0), make_user()
    assert answer(queue, user, 1).lease.item.is_gold
    assert not take(queue, user).item.is_gold


def test_no_gold_share_gives_no_gold():
    queue, user = with_gold(3), make_user()
    purposes = {answer(queue, user).lease.item.purpose for _ in range(6)}
    assert purposes == {"work"}
    assert next_lease(queue, user) is None


@pytest.mark.parametrize(("label", "correct"), [(1, True), (0, False)])
def test_feedback_is_given_where_the_queue_gives_it(label, correct):
    queue = with_gold(1, gold_share=1.0, gold_feedback=True)
    outcome = answer(queue, make_user(), label)
    assert outcome.gold
    assert (outcome.gold.correct, outcome.gold.label) == (correct, 1)
    assert outcome.gold.explanation == "4 + 1 is 5"


def test_no_feedback_is_given_where_the_queue_gives_none():
    queue, user = with_gold(1, gold_share=1.0), make_user()
    assert answer(queue, user, 0).gold is None
    assert score(queue, user).share == 0


def test_gold_is_never_settled_and_counts_as_no_answer():
    queue = with_gold(1, gold_share=1.0)
    answer(queue, make_user(), 1)
    assert Item.objects.get(purpose="gold").status == "open"
    assert queue.judge is None


def test_a_corrected_answer_judges_what_people_said_first_again():
    queue, users = with_gold(1, gold_share=1.0), people(3)
    right, wrong, skipped = (take(queue, user) for user in users)
    send(right, 0)
    send(wrong, 1)
    revise(right.pk, users[0], Review(1), key=uuid.uuid4(), based_on=1)
    skip(skipped.pk, users[2], "skip")
    add_gold(queue, right.item.trace, 0)
    judged = Lease.objects.filter(pk__in=[right.pk, wrong.pk, skipped.pk]).order_by("pk")
    assert list(judged.values_list("gold_correct", flat=True)) == [True, False, False]


def test_a_label_that_the_trace_cannot_have_is_refused():
    queue = make_queue(1)
    with pytest.raises(ReviewRefused, match="use -1 for no error, or 0 to 2"):
        add_gold(queue, make_trace(queue.dataset), 3)


def test_an_item_at_work_cannot_become_gold_and_a_settled_one_can():
    queue, user = make_queue(1), make_user()
    lease = take(queue, user)
    with pytest.raises(ReviewRefused, match="is being reviewed"):
        add_gold(queue, lease.item.trace, 1)
    send(lease, 1)
    assert add_gold(queue, lease.item.trace, 1).is_gold
