"""What a judge's page shows below its headline: by part, at every threshold, by score."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from django.db import connection

from metrics.judges.score_metrics import ScoreFigures, calibrations_of, threshold_figures
from metrics.reports.cache import Figure
from metrics.reports.label_matrix import Frame, load, part_names
from metrics.reports.query import Question
from metrics.stats.breakdown import Part, band_names, bands, breakdown
from metrics.stats.calibration import Calibration, by_votes
from metrics.stats.confusion_matrix import BINS, position_names
from metrics.stats.wilson import Rate
from traces.models import Generator
from traces.records import NO_ERROR


@dataclass(frozen=True, slots=True)
class JudgeReport:
    """Figures over the traces that the reference labelled and the judge judged.

    `parts` are those of each of `BREAKDOWNS`, in the parts' own order. Without scores or votes
    there is nothing to say of them; scores that are no probabilities have thresholds and no
    calibration. That has bins of equal width and, `by_mass`, of equally many steps.
    """

    traces: int
    parts: dict[str, list[Part]]
    scores: ScoreFigures | None
    calibration: Calibration | None
    calibration_by_mass: Calibration | None
    votes: list[tuple[float, Rate]]


BREAKDOWNS = {
    "position": "Position of the first error",
    "length": "Number of steps",
    "type": "Type of the error",
    "subset": "Subset",
    "generator": "Generator",
}


def report(question: Question) -> JudgeReport:
    """`question.judge` against the question's reference."""
    judge = question.judge
    assert judge is not None
    frame = load(question, [judge], with_reference=True)
    frame = frame.where(frame.labelled() & frame.judged(1))
    names = {
        "position": _positions(frame),
        "length": bands(frame.steps.tolist()),
        "type": _types(frame, question),
        "subset": _subsets(frame, question),
        "generator": [str(number) for number in frame.generators.tolist()],
    }
    by_width, with_equal_mass = calibrations_of(frame, judge, question)
    return JudgeReport(
        traces=len(frame),
        parts={kind: _parts(frame, names[kind], kind) for kind in BREAKDOWNS},
        scores=threshold_figures(frame, judge),
        calibration=by_width,
        calibration_by_mass=with_equal_mass,
        votes=_votes(frame, judge),
    )


REPORT = Figure("judge", 3, JudgeReport, report)


def by_mass(report: JudgeReport) -> JudgeReport:
    """The same, its calibration in bins of equally many steps."""
    return replace(report, calibration=report.calibration_by_mass)


def _parts(frame: Frame, names: list[str], kind: str) -> list[Part]:
    """Those without a name are left out; the order is that of the names' own kind."""
    named = np.array([bool(name) for name in names], dtype=bool)
    chosen = [name for name in names if name]
    found = breakdown(
        chosen,
        frame.ratings(0)[named],
        frame.ratings(1)[named],
        frame.problems[named],
    )
    orders = {"position": position_names(), "length": band_names()}
    if kind in orders:
        return sorted(found, key=lambda part: orders[kind].index(part.name))
    return sorted(found, key=lambda part: (-part.score.n, part.name))


def _positions(frame: Frame) -> list[str]:
    names = position_names()
    starts = np.array(BINS)
    index = np.searchsorted(starts, frame.said[:, 0], side="right") - 1
    return [
        names[-1] if label == NO_ERROR else names[number]
        for label, number in zip(frame.said[:, 0].tolist(), index.tolist(), strict=True)
    ]


def _subsets(frame: Frame, question: Question) -> list[str]:
    names = part_names(frame, question)
    return [names[number] for number in frame.part.tolist()]


def _types(frame: Frame, question: Question) -> list[str]:
    """What the reference calls the error, "" where it has no word for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT trace_id, types[array_position(judges, coalesce(%(reference)s::bigint, own.id))]
            FROM metrics_tracefact fact
            LEFT JOIN traces_judge own ON own.dataset_id = fact.dataset_id
            WHERE fact.dataset_id = ANY(%(datasets)s)
              AND types[array_position(judges, coalesce(%(reference)s::bigint, own.id))] <> ''
            """,
            {"datasets": list(question.datasets), "reference": question.reference},
        )
        types = dict(cursor.fetchall())
    return [types.get(trace, "") for trace in frame.traces.tolist()]


def _votes(frame: Frame, judge: int) -> list[tuple[float, Rate]]:
    """Shares of votes as the database has them, with how often the answer is the reference's."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT trace_id, confidence FROM traces_verdict
            WHERE judge_id = %s AND is_current AND confidence IS NOT NULL
              AND earliest_error IS NOT NULL AND trace_id = ANY(%s)
            """,
            [judge, frame.traces.tolist()],
        )
        shares = dict(cursor.fetchall())
    right = dict(zip(frame.traces.tolist(), _right(frame), strict=True))
    return by_votes(list(shares.values()), [right[trace] for trace in shares])


def _right(frame: Frame) -> Iterable[bool]:
    return (frame.said[:, 0] == frame.said[:, 1]).tolist()


def generator_names(parts: list[Part]) -> dict[str, str]:
    numbers = [int(part.name) for part in parts]
    return {str(one.pk): str(one) for one in Generator.objects.filter(pk__in=numbers)}
