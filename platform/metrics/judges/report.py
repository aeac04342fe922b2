"""A judge's report: by part, by threshold, by score."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from django.db import connection

from metrics.judges.score_metrics import ScoreFigures, calibrations_of, threshold_figures
from metrics.reports.cache import CachedReport
from metrics.reports.label_matrix import LabelMatrix, load_label_matrix, part_names
from metrics.reports.query import MetricsQuery
from metrics.stats.breakdown import Part, band_names, bands, breakdown
from metrics.stats.calibration import Calibration, by_votes
from metrics.stats.confusion_matrix import BINS, position_names
from metrics.stats.wilson import Rate
from traces.models import Generator
from traces.records import NO_ERROR


@dataclass(frozen=True, slots=True)
class JudgeReport:
    """Figures over the traces that the reference labelled and the judge judged.

    `parts` holds the parts of each of `BREAKDOWNS`, in their own order. A judge without scores or
    votes has none of theirs; scores that are not probabilities have thresholds but no calibration.
    `calibration` has bins of equal width, `by_mass` bins of about equally many steps.
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
    "type": "Error type",
    "subset": "Subset",
    "generator": "Generator",
}


def report(query: MetricsQuery) -> JudgeReport:
    """Return the report of `query.judge` against the query's reference."""
    judge = query.judge
    assert judge is not None
    matrix = load_label_matrix(query, [judge], with_reference=True)
    matrix = matrix.where(matrix.labelled() & matrix.judged(1))
    names = {
        "position": _positions(matrix),
        "length": bands(matrix.steps.tolist()),
        "type": _types(matrix, query),
        "subset": _subsets(matrix, query),
        "generator": [str(number) for number in matrix.generators.tolist()],
    }
    by_width, with_equal_mass = calibrations_of(matrix, judge, query)
    return JudgeReport(
        traces=len(matrix),
        parts={kind: _parts(matrix, names[kind], kind) for kind in BREAKDOWNS},
        scores=threshold_figures(matrix, judge),
        calibration=by_width,
        calibration_by_mass=with_equal_mass,
        votes=_votes(matrix, judge),
    )


REPORT = CachedReport("judge", 3, JudgeReport, report)


def by_mass(report: JudgeReport) -> JudgeReport:
    """Return the report with its calibration in bins of equally many steps."""
    return replace(report, calibration=report.calibration_by_mass)


def _parts(matrix: LabelMatrix, names: list[str], kind: str) -> list[Part]:
    """Return the parts in their names' own order; unnamed parts are left out."""
    named = np.array([bool(name) for name in names], dtype=bool)
    chosen = [name for name in names if name]
    found = breakdown(
        chosen,
        matrix.ratings(0)[named],
        matrix.ratings(1)[named],
        matrix.problems[named],
    )
    orders = {"position": position_names(), "length": band_names()}
    if kind in orders:
        return sorted(found, key=lambda part: orders[kind].index(part.name))
    return sorted(found, key=lambda part: (-part.score.n, part.name))


def _positions(matrix: LabelMatrix) -> list[str]:
    names = position_names()
    starts = np.array(BINS)
    index = np.searchsorted(starts, matrix.labels[:, 0], side="right") - 1
    return [
        names[-1] if label == NO_ERROR else names[number]
        for label, number in zip(matrix.labels[:, 0].tolist(), index.tolist(), strict=True)
    ]


def _subsets(matrix: LabelMatrix, query: MetricsQuery) -> list[str]:
    names = part_names(matrix, query)
    return [names[number] for number in matrix.part.tolist()]


def _types(matrix: LabelMatrix, query: MetricsQuery) -> list[str]:
    """Return the reference's error types, "" where it gives none."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT trace_id, types[array_position(judges, coalesce(%(reference)s::bigint, own.id))]
            FROM metrics_tracesnapshot fact
            LEFT JOIN traces_judge own ON own.dataset_id = fact.dataset_id
            WHERE fact.dataset_id = ANY(%(datasets)s)
              AND types[array_position(judges, coalesce(%(reference)s::bigint, own.id))] <> ''
            """,
            {"datasets": list(query.datasets), "reference": query.reference},
        )
        types = dict(cursor.fetchall())
    return [types.get(trace, "") for trace in matrix.traces.tolist()]


def _votes(matrix: LabelMatrix, judge: int) -> list[tuple[float, Rate]]:
    """Return the shares of votes, with how often the answer equals the reference's."""
    # By hand: one array rather than a parameter for each of many thousand traces.
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT trace_id, confidence FROM traces_verdict
            WHERE judge_id = %s AND is_current AND confidence IS NOT NULL
              AND earliest_error IS NOT NULL AND trace_id = ANY(%s)
            """,
            [judge, matrix.traces.tolist()],
        )
        shares = dict(cursor.fetchall())
    right = dict(zip(matrix.traces.tolist(), _right(matrix), strict=True))
    return by_votes(list(shares.values()), [right[trace] for trace in shares])


def _right(matrix: LabelMatrix) -> Iterable[bool]:
    return (matrix.labels[:, 0] == matrix.labels[:, 1]).tolist()


def generator_names(parts: list[Part]) -> dict[str, str]:
    numbers = [int(part.name) for part in parts]
    return {str(one.pk): str(one) for one in Generator.objects.filter(pk__in=numbers)}
