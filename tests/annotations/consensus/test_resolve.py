import uuid

import pytest

from annotations.consensus.resolve import Result, Step, decide
from annotations.leases.lifecycle import next_lease
from annotations.models import Item, Queue, QueueCounter
from annotations.review.submit import revise
from annotations.review.verdicts import Review
from tests.annotations.factories import answer, make_queue, people
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


WAIT, ASK, UNRESOLVED = Result(Step.WAIT), Result(Step.ASK), Result(Step.UNRESOLVED)


def settled(label: int) -> Result:
    return Result(Step.SETTLE, label)


@pytest.mark.parametrize(
    ("rule", "labels", "assigned", "at_most", "result"),
    [
        ("single", [], 1, 1, WAIT),
        ("single", [2], 1, 1, settled(2)),
        ("single", [2, -1], 2, 2, settled(2)),
        ("majority", [1, 1], 3, 3, WAIT),
        ("majority", [1, 0, 1], 3, 3, settled(1)),
        ("majority", [1, 0], 2, 3, ASK),
        ("majority", [1, 0, 2], 3, 3, UNRESOLVED),
        ("majority", [1, 1, 0, 0], 4, 4, UNRESOLVED),
        ("unanimity", [-1, -1], 2, 2, settled(-1)),
        ("unanimity", [-1, 0], 2, 5, UNRESOLVED),
        ("processbench", [1, 1], 3, 5, WAIT),
        ("processbench", [1, 1, 1], 3, 5, settled(1)),
        ("processbench", [1, 1, 0], 3, 5, ASK),
        ("processbench", [1, 0, 2], 3, 5, ASK),
        ("processbench", [1, 1, 0, 1], 4, 5, settled(1)),
        ("processbench", [1, 1, 0, 0], 4, 5, ASK),
        ("processbench", [1, 0, 2, -1], 4, 5, UNRESOLVED),
        ("processbench", [1, 1, 0, 0, -1], 5, 5, UNRESOLVED),
        ("processbench", [2, 1, 2, 0, 2], 5, 5, settled(2)),
        ("processbench", [2, 1, 2, 1, 2, 1], 6, 7, ASK),
        ("processbench", [2, 1, 2, 1, 2, 1], 6, 6, UNRESOLVED),
        ("processbench", [2, 1, 2, 1, 2, 1, 1], 7, 7, settled(1)),
    ],
)
def test_decide(rule, labels, assigned, at_most, result):
    assert decide(labels, rule, assigned=assigned, at_most=at_most) == result
