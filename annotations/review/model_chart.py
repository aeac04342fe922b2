"""The chart of the models' verdicts: scores as curves over the steps, wrong steps as pins below.

The drawing is `WIDTH` by `HEIGHT` units; each step has an equal slice of the width. Scores are
clamped to 0 to 1, as on every page.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from traces.datasets.trace_page import finding_in_words, threshold_of
from traces.models import Verdict

WIDTH = 400
TOP, BOTTOM = 8, 92  # heights of the scores 1 and 0
LANE = 15  # between two rows of pins
KINDS_OF_LINE = 6  # colours and dashes that the style sheet tells apart
_TICKS = 10  # labels of steps at most


@dataclass(frozen=True, slots=True)
class Curve:
    """A judge's scores along the steps."""

    judge: str
    series: int
    points: str


@dataclass(frozen=True, slots=True)
class Pin:
    """The mark of a judge's first wrong step."""

    judge: str
    series: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Slice:
    """A step on the axis, linked to it. `summary` lists each judge's verdict on the step."""

    index: int
    x: str
    width: str
    middle: str
    summary: str
    is_doubted: bool
    is_labelled: bool

    @property
    def number(self) -> int:
        return self.index + 1


@dataclass(frozen=True, slots=True)
class Opinion:
    """One judge's row in the legend, with its verdict."""

    judge: str
    series: int
    verdict: Verdict
    summary: str


@dataclass(frozen=True, slots=True)
class Opinions:
    """The whole chart."""

    slices: list[Slice]
    curves: list[Curve]
    thresholds: list[float]  # heights of the lines
    pins: list[Pin]
    judges: list[Opinion]
    height: float


def draw(verdicts: Sequence[Verdict], step_count: int) -> Opinions:
    """Return the chart of these verdicts, at least one, in their order."""
    width = WIDTH / step_count
    middles = [(index + 0.5) * width for index in range(step_count)]
    with_error = [v for v in verdicts if v.earliest_error is not None and v.earliest_error >= 0]
    pins = [
        Pin(str(v.judge), _series(verdicts, v), middles[v.earliest_error or 0], _lane(row))
        for row, v in enumerate(with_error)
    ]
    return Opinions(
        slices=[_slice(verdicts, index, step_count) for index in range(step_count)],
        curves=[
            Curve(str(v.judge), _series(verdicts, v), _points(v.scores, middles))
            for v in verdicts
            if v.scores
        ],
        thresholds=sorted({_height(t) for t in map(_threshold, verdicts) if t is not None}),
        pins=pins,
        judges=[
            Opinion(str(v.judge), _series(verdicts, v), v, finding_in_words(v.earliest_error))
            for v in verdicts
        ],
        height=_lane(len(with_error)) - LANE / 2,
    )


def _slice(verdicts: Sequence[Verdict], index: int, step_count: int) -> Slice:
    width = WIDTH / step_count
    every = -(-step_count // _TICKS)
    return Slice(
        index=index,
        x=f"{index * width:.2f}",
        width=f"{width:.2f}",
        middle=f"{(index + 0.5) * width:.2f}",
        summary="; ".join(filter(None, (_summary(v, index) for v in verdicts))),
        is_doubted=any(_doubts(v, index) for v in verdicts),
        is_labelled=index % every == 0,
    )


def _summary(verdict: Verdict, index: int) -> str:
    parts = []
    if verdict.scores:
        parts.append(f"{verdict.scores[index]:.2f}")
    if verdict.earliest_error == index:
        parts.append("first wrong step")
    return f"{verdict.judge} {', '.join(parts)}" if parts else ""


def _doubts(verdict: Verdict, index: int) -> bool:
    threshold = _threshold(verdict)
    if verdict.scores and threshold is not None and verdict.scores[index] < threshold:
        return True
    return verdict.earliest_error == index


def _threshold(verdict: Verdict) -> float | None:
    return threshold_of(verdict.judge) if verdict.scores else None


def _series(verdicts: Sequence[Verdict], verdict: Verdict) -> int:
    return list(verdicts).index(verdict) % KINDS_OF_LINE


def _height(score: float) -> float:
    return BOTTOM - min(max(score, 0.0), 1.0) * (BOTTOM - TOP)


def _lane(row: int) -> float:
    return BOTTOM + 26 + row * LANE


def _points(scores: Sequence[float], middles: Sequence[float]) -> str:
    return " ".join(f"{x:.1f},{_height(y):.1f}" for x, y in zip(middles, scores, strict=True))
