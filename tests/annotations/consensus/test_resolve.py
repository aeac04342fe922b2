import uuid

import pytest

from annotations.leases.lifecycle import next_lease
from annotations.models import Item, Queue, QueueCounter
from annotations.queues.overlap import widen
from annotations.review.submit import revise
from annotations.review.verdicts import Review
from tests.annotations.making import answer, make_queue, people
from traces.models import Verdict

pytestmark = pytest.mark.django_db


def item() -> Item:
    return Item.objects.get()


def agreed() -> Verdict | None:
    return Verdict.objects.current().filter(judge__kind="consensus").first()


def processbench(**rules: object) -> Queue:
    return make_queue(1, overlap=3, max_overlap=5, rule="processbench", **rules)


def test_processbench_asks_up_to_five_until_three_agree():
    queue, users = processbench(), people(6)
    for user, label in zip(users, [1, 0, 1], strict=False):
        answer(queue, user, label)
    assert (item().status, item().free_slots) == ("open", [3])
    answer(queue, users[3], 0)
    assert item().free_slots == [4]
    answer(queue, users[4], 1)
    assert (item().status, item().answers) == ("settled", 5)
    verdict = agreed()
    assert verdict and (verdict.earliest_error, verdict.confidence) == (1, 0.6)
    assert (verdict.origin, verdict.origin_id) == ("consensus", queue.pk)
    assert next_lease(queue, users[5]) is None


@pytest.mark.parametrize(
    ("unresolved", "status"), [("adjudicate", "disputed"), ("discard", "discarded")]
)
def test_processbench_without_three_alike_goes_where_the_queue_says(unresolved, status):
    queue = processbench(unresolved=unresolved)
    for user, label in zip(people(5), [1, 0, 1, 0, -1], strict=True):
        answer(queue, user, label)
    assert item().status == status
    assert agreed() is None


def test_the_consensus_takes_type_reason_and_correction_from_those_who_agree():
    queue = make_queue(1, overlap=3, rule="majority")
    ada, bob, eve = people(3)
    answer(queue, ada, 1, error_type="logical")
    answer(queue, bob, 0, error_type="numeric", correction="never", note="no")
    answer(queue, eve, 1, error_type="logical", correction="as it should be", note="4 + 1 is 5")
    verdict = agreed()
    assert verdict and verdict.earliest_error == 1
    assert (verdict.error_type, verdict.correction) == ("logical", "as it should be")
    assert verdict.explanation == "4 + 1 is 5"


def test_step_labels_merge_by_majority():
    queue = make_queue(1, overlap=2, rule="unanimity", label_scheme="every_step")
    ada, bob = people(2)
    answer(queue, ada, 1, step_labels=(1, -1, 0))
    answer(queue, bob, 1, step_labels=(1, -1, 1))
    verdict = agreed()
    assert verdict and verdict.step_labels == [1, -1, None]


def test_a_reopened_review_takes_the_consensus_back():
    queue = make_queue(1, overlap=2, rule="unanimity")
    ada, bob = people(2)
    answer(queue, ada, 1)
    outcome = answer(queue, bob, 1)
    assert item().status == "settled"
    revise(outcome.lease.pk, bob, Review(0), key=uuid.uuid4(), based_on=1)
    assert item().status == "disputed"
    assert agreed() is None
    revise(outcome.lease.pk, bob, Review(1), key=uuid.uuid4(), based_on=2)
    verdict = agreed()
    assert verdict and (verdict.earliest_error, verdict.revision) == (1, 2)


def test_raising_overlap_asks_more_people_of_settled_and_open_items():
    queue, users = make_queue(2, rule="majority"), people(3)
    answer(queue, users[0], 1)
    queue.overlap = queue.max_overlap = 3
    queue.save()
    widen(queue)
    widen(queue)
    rooms = Item.objects.order_by("pk").values_list("status", "free_slots")
    assert list(rooms) == [("open", [1, 2]), ("open", [0, 1, 2])]
    verdict = agreed()
    assert verdict and verdict.earliest_error == 1
    answer(queue, users[1], 0)
    answer(queue, users[2], 0)
    verdict = agreed()
    assert verdict and verdict.earliest_error == 0


def test_how_many_agree_with_a_consensus_is_said_anew_when_more_have_answered():
    queue, users = make_queue(1, rule="majority"), people(3)
    answer(queue, users[0], 1)
    queue.overlap = queue.max_overlap = 3
    queue.save()
    widen(queue)
    answer(queue, users[1], 0)
    answer(queue, users[2], 1)
    verdict = agreed()
    assert verdict and verdict.confidence == pytest.approx(2 / 3)


def test_counts_are_those_of_the_items():
    queue, (ada, bob, eve) = make_queue(3, overlap=2, rule="unanimity"), people(3)
    for _ in range(3):
        answer(queue, ada, 1)
    answer(queue, bob, 1)
    answer(queue, bob, 0)
    answer(queue, eve, 0)
    names = ["items", "answers", "settled", "disputed", "discarded"]
    sums = [sum(row) for row in zip(*QueueCounter.objects.values_list(*names), strict=True)]
    assert sums == [3, 6, 1, 2, 0]
