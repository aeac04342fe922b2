"""A trace as a page shows it: the typeset steps, each with the judges' marks.

Steps count from 0 everywhere except on pages, where they count from 1.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.safestring import SafeString

from accounts.models import User
from traces.models import Judge, Trace, Verdict
from traces.typesetting import typeset


@dataclass(frozen=True, slots=True)
class StepMark:
    """The mark of one judge on one step.

    `width` is the score in percent of the bar, 0 to 100. `texts_of` is the id of the verdict with
    the judge's raw outputs, or None.
    """

    judge: str
    score: float | None
    width: float
    threshold: float | None  # in percent of the bar
    is_low: bool
    names_step: bool
    texts_of: int | None = None

    # Formatted here: a long trace has hundreds of marks, and template filters cost more.

    @property
    def shown_score(self) -> str:
        return "" if self.score is None else f"{self.score:.2f}"

    @property
    def drawn_width(self) -> str:
        return f"{self.width:.1f}"

    @property
    def drawn_threshold(self) -> str:
        return "" if self.threshold is None else f"{self.threshold:.1f}"


@dataclass(frozen=True, slots=True)
class StepReading:
    index: int
    text: str
    html: SafeString
    marks: list[StepMark]
    place: str  # "before", "error" or "after" the first wrong step, or ""

    @property
    def number(self) -> int:
        return self.index + 1


@dataclass(frozen=True, slots=True)
class VerdictReading:
    """One judge's finding in words, for the list next to the problem."""

    judge: str
    kind: str
    verdict: Verdict

    @property
    def summary(self) -> str:
        return finding_in_words(self.verdict.earliest_error)

    @property
    def texts_of(self) -> int | None:
        return texts_of(self.verdict)


@dataclass(frozen=True, slots=True)
class TraceReading:
    trace: Trace
    problem_html: SafeString
    steps: list[StepReading]
    verdicts: list[VerdictReading] = field(default_factory=list)
    scored_judges: list[str] = field(default_factory=list)


def finding_in_words(earliest_error: int | None) -> str:
    """Return a label in words, its step counted from 1."""
    if earliest_error is None:
        return "no usable answer"
    return "no error" if earliest_error < 0 else f"step {earliest_error + 1}"


def read_trace(
    trace: Trace, verdicts: Iterable[Verdict], *, focus: int | None = None
) -> TraceReading:
    """Return the page's view of `trace` with these verdicts.

    `focus` is the step drawn as the first wrong one. Costs no query if the verdicts are loaded with
    their judges and the judges' scorers.
    """
    shown = list(verdicts)
    steps = [
        StepReading(
            index=index,
            text=text,
            html=typeset(text),
            marks=[mark for verdict in shown if (mark := _mark(verdict, index))],
            place=_place(index, focus),
        )
        for index, text in enumerate(trace.steps)
    ]
    return TraceReading(
        trace=trace,
        problem_html=typeset(trace.problem.text),
        steps=steps,
        verdicts=[VerdictReading(str(v.judge), v.judge.get_kind_display(), v) for v in shown],
        scored_judges=[str(v.judge) for v in shown if v.scores],
    )


def verdicts_to_read(trace: Trace, *, reader: User | None = None) -> QuerySet[Verdict]:
    """Return the current verdicts on a trace with everything that `read_trace` needs. One query.

    With a `reader`, only the verdicts that this person may read.
    """
    verdicts = trace.verdicts.current()
    return (
        (verdicts.readable_by(reader) if reader else verdicts)
        .select_related("judge__scorer", "judge__user")
        .order_by("judge__kind", "judge__name", "judge__revision")
    )


def threshold_of(judge: Judge) -> float | None:
    """Return the threshold of the judge's scorer, or None for another kind of judge."""
    scorer = getattr(judge, "scorer", None)
    return scorer.threshold if scorer else None


def texts_of(verdict: Verdict) -> int | None:
    """Return the verdict's id if it is a critic's, with raw outputs, else None."""
    scorer = getattr(verdict.judge, "scorer", None)
    return verdict.pk if scorer and scorer.kind == "critic" else None


def _mark(verdict: Verdict, index: int) -> StepMark | None:
    names_step = verdict.earliest_error == index
    score = verdict.scores[index] if verdict.scores else None
    if score is None and not names_step:
        return None
    threshold = threshold_of(verdict.judge)
    is_low = names_step if threshold is None or score is None else score < threshold
    return StepMark(
        judge=str(verdict.judge),
        score=score,
        width=0.0 if score is None else min(max(score, 0.0), 1.0) * 100,
        threshold=None if threshold is None else min(max(threshold, 0.0), 1.0) * 100,
        is_low=is_low,
        names_step=names_step,
        texts_of=texts_of(verdict),
    )


def _place(index: int, focus: int | None) -> str:
    if focus is None or focus < 0:
        return ""
    if index == focus:
        return "error"
    return "before" if index < focus else "after"
