"""A person's verdict on a trace: written as a new revision, never over an old one."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from accounts.models import User
from traces.models import Judge, Trace, Verdict


class ReviewConflict(Exception):
    """The person's verdict changed since the page was opened; `current` is the newest revision."""

    def __init__(self, current: Verdict) -> None:
        super().__init__(
            "Your verdict on this trace was changed in another window after this page was opened."
        )
        self.current = current


@dataclass(frozen=True, slots=True)
class Review:
    """A reviewer's decision. `earliest_error` is 0-based, -1 for no error."""

    earliest_error: int
    error_type: str = ""
    correction: str = ""
    note: str = ""
    severity: str = ""
    # When every step is labelled: 1, 0 or -1 for each step, null for not labelled.
    step_labels: tuple[int | None, ...] | None = None
    # Steps, 0-based, that are wrong and corrected in a later step.
    self_corrected: tuple[int, ...] | None = None
    shown_judges: tuple[int, ...] = ()
    shown_before_deciding: bool = False
    seconds_spent: int | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """The queue of a review (its id), and the probability with which its trace was sampled."""

    origin_id: int | None = None
    inclusion_probability: float | None = None


def judge_of(user: User) -> Judge:
    """Return the person as a judge, created with their first review."""
    judge, _ = Judge.objects.get_or_create(
        user=user, defaults={"kind": Judge.Kind.HUMAN, "name": user.username}
    )
    return judge


def save_revision(
    trace: Trace,
    user: User,
    review: Review,
    *,
    based_on: int | None,
    provenance: Provenance = Provenance(),
) -> Verdict:
    """Save the person's verdict as the revision after `based_on`. Return it.

    `based_on` is 0 for a first review, and null for the newest revision when the caller's locks
    keep others from writing in between. The same review sent twice is one verdict. Raises
    ReviewConflict when another revision was saved in between; then nothing is written.
    """
    judge = judge_of(user)
    try:
        with transaction.atomic():
            return _write(trace, judge, review, based_on, provenance)
    except IntegrityError:
        # Two submits at once: the unique revision let one through. The other finds it written.
        with transaction.atomic():
            return _write(trace, judge, review, based_on, provenance)


def _write(
    trace: Trace, judge: Judge, review: Review, based_on: int | None, provenance: Provenance
) -> Verdict:
    current = Verdict.objects.current().select_for_update().filter(trace=trace, judge=judge).first()
    if current and based_on is not None and current.revision != based_on:
        if current.revision == based_on + 1 and _is_same(current, review):
            return current
        raise ReviewConflict(current)
    if current:
        current.is_current = False
        current.save(update_fields=["is_current"])
    return Verdict.objects.create(
        trace=trace,
        step_count=trace.step_count,
        judge=judge,
        revision=(current.revision if current else _last_revision(trace, judge)) + 1,
        earliest_error=review.earliest_error,
        error_type=review.error_type,
        explanation=review.note,
        correction=review.correction,
        severity=review.severity,
        step_labels=_as_list(review.step_labels),
        self_corrected=list(review.self_corrected) if review.self_corrected is not None else None,
        origin=Verdict.Origin.REVIEW,
        origin_id=provenance.origin_id,
        inclusion_probability=provenance.inclusion_probability,
        shown_judges=list(review.shown_judges),
        shown_before_deciding=review.shown_before_deciding,
        seconds_spent=review.seconds_spent,
    )


def _last_revision(trace: Trace, judge: Judge) -> int:
    """Return the last revision, which a lead has withdrawn; 0 for a first review."""
    verdicts = Verdict.objects.filter(trace=trace, judge=judge).order_by("-revision")
    return verdicts.values_list("revision", flat=True).first() or 0


def _is_same(verdict: Verdict, review: Review) -> bool:
    return (
        verdict.earliest_error == review.earliest_error
        and verdict.error_type == review.error_type
        and verdict.correction == review.correction
        and verdict.explanation == review.note
        and verdict.severity == review.severity
        and verdict.step_labels == _as_list(review.step_labels)
        and verdict.self_corrected == _as_list(review.self_corrected)
    )


def _as_list(values: tuple[int | None, ...] | None) -> list[int | None] | None:
    return None if values is None else list(values)
