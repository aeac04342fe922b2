import uuid

import pytest

from annotations.adjudication.decisions import (
    NotAReviewer,
    Ruling,
    current_decision,
    decide,
    dismiss,
    disputes,
    sides,
    sign,
    steps_at_issue,
)
from annotations.errors import ReviewRefused
from annotations.gold.items import gold_candidates
from annotations.models import Event, Item, Queue, QueueMember
from annotations.review.submit import revise
from annotations.review.verdicts import Review
from tests.annotations.factories import answer, make_queue, people
from tests.factories import make_user
from traces.models import Verdict

pytestmark = pytest.mark.django_db


def in_dispute() -> tuple[Queue, Item]:
    queue = make_queue(1, overlap=3, rule="unanimity")
    for user, label in zip(people(3), [1, 0, -1], strict=True):
        answer(queue, user, label)
    return queue, Item.objects.get()


def test_sides_have_letters_in_an_order_that_stays_and_steps_at_issue():
    queue, item = in_dispute()
    assert list(disputes(queue)) == [item]
    shown = sides(item)
    assert [side.letter for side in shown] == ["A", "B", "C"]
    assert sides(item) == shown
    assert steps_at_issue([side.verdict for side in shown]) == [0, 1]


def test_a_decision_becomes_the_consensus_with_its_reason():
    queue, item = in_dispute()
    lead = make_user(role="lead")
    verdict = decide(item.pk, lead, Ruling(1, "4 + 1 is 5", error_type="calculation"))
    assert (verdict.earliest_error, verdict.origin) == (1, "adjudication")
    assert (verdict.explanation, verdict.error_type) == ("4 + 1 is 5", "calculation")
    assert Verdict.objects.current().get(judge__kind="consensus") == verdict
    item.refresh_from_db()
    assert item.status == "settled"
    assert not disputes(queue).exists()


def test_a_review_changed_after_the_decision_leaves_it_standing():
    _, item = in_dispute()
    decide(item.pk, make_user(role="lead"), Ruling(1, "so it is"))
    lease = item.leases.order_by("pk").last()
    revise(lease.pk, lease.annotator, Review(0), key=uuid.uuid4(), based_on=1)
    verdict = Verdict.objects.current().get(judge__kind="consensus")
    assert (verdict.earliest_error, verdict.origin) == (1, "adjudication")


def test_two_signatures_make_a_candidate_for_gold():
    queue, item = in_dispute()
    first, second = make_user(role="lead"), make_user(role="lead")
    decide(item.pk, first, Ruling(1, "so it is"))
    queue.refresh_from_db()
    assert not gold_candidates(queue).exists()
    with pytest.raises(ReviewRefused, match="Somebody else has to sign"):
        sign(item.pk, first)
    sign(item.pk, second)
    assert list(gold_candidates(queue)) == [item]


def test_the_current_decision_is_the_latest_with_a_reason():
    _, item = in_dispute()
    first, second, third = (make_user(role="lead") for _ in range(3))
    decide(item.pk, first, Ruling(1, "2 + 2 is 4"))
    decide(item.pk, second, Ruling(0, "the first has no unit"))
    decide(item.pk, first, Ruling(1, "units are given above"))
    sign(item.pk, third)
    sign(item.pk, second)
    decision = current_decision(item)
    assert decision and (decision.user, decision.label) == (first, 1)
    signed = item.decisions.get(user=second)
    assert (signed.label, signed.reason) == (1, "")


def test_a_second_decision_that_differs_replaces_the_first_and_is_no_signature():
    queue, item = in_dispute()
    decide(item.pk, make_user(role="lead"), Ruling(1, "so it is"))
    decide(item.pk, make_user(role="lead"), Ruling(0, "no, here"))
    queue.refresh_from_db()
    verdict = Verdict.objects.current().get(judge__kind="consensus")
    assert (verdict.earliest_error, verdict.revision) == (0, 2)
    assert not gold_candidates(queue).exists()


def test_only_reviewers_and_leads_decide_and_not_on_their_own_answers():
    queue, item = in_dispute()
    with pytest.raises(NotAReviewer):
        decide(item.pk, make_user(), Ruling(1, "so it is"))
    annotator = item.leases.first().annotator
    QueueMember.objects.filter(user=annotator).update(role="reviewer")
    with pytest.raises(ReviewRefused, match="Somebody else"):
        decide(item.pk, annotator, Ruling(1, "so it is"))
    reviewer = make_user()
    QueueMember.objects.create(queue=queue, user=reviewer, role="reviewer")
    assert decide(item.pk, reviewer, Ruling(1, "so it is")).earliest_error == 1


@pytest.mark.parametrize(
    ("ruling", "sentence"), [(Ruling(1, " "), "Give a reason"), (Ruling(3, "x"), "no step 4")]
)
def test_a_decision_needs_a_reason_and_a_step(ruling, sentence):
    _, item = in_dispute()
    with pytest.raises(ReviewRefused, match=sentence):
        decide(item.pk, make_user(role="lead"), ruling)


def test_a_dispute_can_be_dismissed_as_a_bad_problem():
    _, item = in_dispute()
    dismiss(item.pk, make_user(role="lead"), "bad_problem", reason="no figure")
    item.refresh_from_db()
    assert item.status == "bad_problem"
    assert Event.objects.get(kind="bad_problem").details == {"reason": "no figure"}
