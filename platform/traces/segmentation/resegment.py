"""Split a trace's text into other steps, as a new version of the trace that keeps the labels.

The old version stays with all its verdicts and is not selected any more. Verdicts of people, the
reference and the consensus are carried over if they certainly hold for the new steps. Models judge
the new steps again, since their scores belong to the steps they saw.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from django.db import transaction

from traces.hashing import trace_hash
from traces.models import Judge, Trace, Verdict
from traces.records import NO_ERROR

JOINT = "\n\n"
MOST_STEPS = 32_767  # the range of a label
CARRIED_KINDS = (Judge.Kind.REFERENCE, Judge.Kind.HUMAN, Judge.Kind.CONSENSUS)


@dataclass(frozen=True, slots=True)
class Resegmentation:
    """The new version, and the numbers of verdicts carried over and left with the old one."""

    trace: Trace
    carried: int
    left: int


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The ends of steps, counted in the characters of the text that are not white space."""

    ends: tuple[int, ...]

    @classmethod
    def of(cls, steps: Sequence[str]) -> "Boundaries":
        """Return the boundaries of these steps."""
        return cls(tuple(accumulate(len(_solid(step)) for step in steps)))

    def span(self, step: int) -> tuple[int, int]:
        """Return the start and the end of a step."""
        return (self.ends[step - 1] if step else 0), self.ends[step]

    def step_at(self, place: int) -> int:
        """Return the step that contains the character at `place`."""
        return min(bisect_right(self.ends, place), len(self.ends) - 1)


def split_as(trace: Trace, parts: Sequence[str]) -> list[str]:
    """Return the trace's own text split at the boundaries of `parts`.

    Raises ValueError with a message if `parts` have another text than the trace.
    """
    parts = [part for part in parts if _solid(part)]
    typed, original = "".join(map(_solid, parts)), "".join(map(_solid, trace.steps))
    if typed != original:
        place = next(
            (i for i, (a, b) in enumerate(zip(typed, original, strict=False)) if a != b),
            min(len(typed), len(original)),
        )
        near = original[max(0, place - 20) : place + 20]
        raise ValueError(
            f"The text was changed near “{near}”. Only move the lines of dashes. To correct "
            "a step, review the trace."
        )
    return _slices(JOINT.join(trace.steps), Boundaries.of(parts))


@transaction.atomic
def resegment(trace: Trace, parts: Sequence[str]) -> Resegmentation:
    """Store and return the version of `trace` that is split at the boundaries of `parts`.

    Raises ValueError with a message if the trace is not the newest version, or if the steps are the
    same or too many.
    """
    trace = Trace.objects.select_for_update().get(pk=trace.pk)
    if not trace.is_current_segmentation:
        raise ValueError("This trace was already re-split. Open its newest version.")
    steps = split_as(trace, parts)
    before, after = Boundaries.of(trace.steps), Boundaries.of(steps)
    if before == after:
        raise ValueError("The steps are unchanged. Move a line of dashes.")
    if len(steps) > MOST_STEPS:
        raise ValueError(f"A trace can have at most {MOST_STEPS:,} steps.")
    new = _version(trace, steps)
    verdicts = trace.verdicts.current().select_related("judge")
    copies = [copy for v in verdicts if (copy := _carried(v, new, before, after))]
    Verdict.objects.bulk_create(copies)
    return Resegmentation(new, len(copies), len(verdicts) - len(copies))


def _version(trace: Trace, steps: list[str]) -> Trace:
    trace.is_current_segmentation = False
    trace.save(update_fields=["is_current_segmentation"])
    first = trace.external_id.rpartition("~")[0] if trace.resegmented_from_id else trace.external_id
    number = 2
    while Trace.objects.filter(dataset=trace.dataset_id, external_id=f"{first}~{number}").exists():
        number += 1
    generator = trace.generator
    return Trace.objects.create(
        dataset_id=trace.dataset_id,
        problem_id=trace.problem_id,
        generator=generator,
        external_id=f"{first}~{number}",
        steps=steps,
        step_count=len(steps),
        final_answer=trace.final_answer,
        final_answer_correct=trace.final_answer_correct,
        content_hash=trace_hash(trace.problem.text, generator.name, generator.revision, steps),
        metadata=trace.metadata,
        resegmented_from=trace,
    )


def _carried(verdict: Verdict, new: Trace, before: Boundaries, after: Boundaries) -> Verdict | None:
    if verdict.judge.kind not in CARRIED_KINDS or verdict.earliest_error is None:
        return None
    error = _moved(verdict.earliest_error, before, after)
    if error is None:
        return None
    return Verdict(
        trace=new,
        step_count=new.step_count,
        judge=verdict.judge,
        earliest_error=error,
        step_labels=verdict.step_labels and _labels(verdict.step_labels, before, after),
        self_corrected=verdict.self_corrected and _steps(verdict.self_corrected, before, after),
        error_type=verdict.error_type,
        severity=verdict.severity,
        explanation=verdict.explanation,
        correction=_correction(verdict, new, before, after),
        origin=Verdict.Origin.RESEGMENTATION,
        origin_id=verdict.pk,
        shown_judges=verdict.shown_judges,
        shown_before_deciding=verdict.shown_before_deciding,
        seconds_spent=verdict.seconds_spent,
        inclusion_probability=verdict.inclusion_probability,
    )


def _correction(verdict: Verdict, new: Trace, before: Boundaries, after: Boundaries) -> str:
    """Return the correction for the new step: its text before the old step, then the correction.

    Return "" if the new step continues after the old one, since its end was not corrected.
    """
    step = verdict.earliest_error
    moved = None if step is None else _moved(step, before, after)
    if not verdict.correction.strip() or step is None or step < 0 or moved is None:
        return verdict.correction
    (start, end), (new_start, new_end) = before.span(step), after.span(moved)
    if end != new_end:
        return ""
    if start == new_start:
        return verdict.correction
    (kept, *_) = _slices(new.steps[moved], Boundaries((start - new_start, end - new_start)))
    return f"{kept}{JOINT}{verdict.correction}"


def _moved(step: int, before: Boundaries, after: Boundaries) -> int | None:
    """Return the new step that contains all of the old one, or None if it was split."""
    if step == NO_ERROR:
        return NO_ERROR
    start, end = before.span(step)
    first = after.step_at(start)
    return first if first == after.step_at(max(start, end - 1)) else None


def _steps(steps: Sequence[int], before: Boundaries, after: Boundaries) -> list[int]:
    moved = {_moved(step, before, after) for step in steps}
    return sorted(step for step in moved if step is not None)


def _labels(
    labels: Sequence[int | None], before: Boundaries, after: Boundaries
) -> list[int | None]:
    """Return the worst label of the old steps within each new one, None if it is not sure."""
    labels_of: list[set[int | None]] = [set() for _ in after.ends]
    for step, label in enumerate(labels):
        start, end = before.span(step)
        places = range(after.step_at(start), after.step_at(max(start, end - 1)) + 1)
        is_apart = len(places) > 1
        for place in places:
            labels_of[place].add(None if is_apart and label == -1 else label)
    return [
        -1 if -1 in of_step else None if None in of_step else min(of_step, default=None)  # type: ignore[type-var]
        for of_step in labels_of
    ]


def _slices(text: str, boundaries: Boundaries) -> list[str]:
    """Return the text split at the boundaries, without the white space around the steps."""
    steps, start, seen = [], 0, 0
    ends = iter(boundaries.ends)
    end = next(ends, None)
    for place, character in enumerate(text):
        if not character.isspace():
            seen += 1
            if seen == end:
                steps.append(text[start : place + 1].strip())
                start, end = place + 1, next(ends, None)
    return steps


def _solid(text: str) -> str:
    return "".join(text.split())
