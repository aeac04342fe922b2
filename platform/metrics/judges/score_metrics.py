"""Metrics from a PRM's step scores against a reference, aggregated in SQL.

A million traces have ten million scores. What comes back is two numbers a trace for the thresholds
and ten bins, or the edges between ten, for the calibration.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection

from metrics.reports.label_matrix import LabelMatrix, problem_names
from metrics.reports.query import MetricsQuery
from metrics.stats.bootstrap import Floats
from metrics.stats.calibration import BINS, Calibration, edges_at, inner_shares, of_bins
from metrics.stats.processbench import SubsetScore
from metrics.stats.thresholds import Windows, choose, curve
from traces.models import Judge

# So many points of a curve are drawn: more can't be told apart.
POINTS = 200
DEFAULT = 0.5


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """F1 and accuracies in percent at a threshold; None where undefined."""

    threshold: float
    f1: float | None
    accuracy_erroneous: float | None
    accuracy_correct: float | None


@dataclass(frozen=True, slots=True)
class ScoreFigures:
    """`default` is the scorer's own threshold; `chosen` comes from the development problems."""

    points: list[CurvePoint]
    default: float
    chosen: float | None
    development: SubsetScore
    held_out: SubsetScore
    held_out_at_default: SubsetScore


def threshold_figures(matrix: LabelMatrix, judge: int) -> ScoreFigures | None:
    """Return figures by threshold, None without scores.

    `matrix.labels` has the reference first.
    """
    found = _windows(matrix, judge)
    if found is None:
        return None
    default = _own_threshold(judge)
    chosen = choose(found, problem_names(matrix), default=default)
    return ScoreFigures(
        points=_points(found),
        default=default,
        chosen=chosen.threshold,
        development=chosen.development,
        held_out=chosen.held_out,
        held_out_at_default=chosen.held_out_at_default,
    )


def calibrations_of(
    matrix: LabelMatrix, judge: int, query: MetricsQuery
) -> tuple[Calibration | None, Calibration | None]:
    """Return the calibration in bins of equal width, and in bins of equally many steps.

    Both None without scores, or with scores that are no probabilities.
    """
    asked = {
        "traces": matrix.traces.tolist(),
        "labels": matrix.labels[:, 0].tolist(),
        "judge": judge,
        "reference": query.reference,
    }
    by_width = _calibration(np.linspace(0, 1, BINS + 1), asked)
    if by_width is None:
        return None, None
    with connection.cursor() as cursor:
        cursor.execute(_SCORE_CUTS, {**asked, "shares": inner_shares(BINS).tolist()})
        (cuts,) = cursor.fetchone()
    return by_width, _calibration(edges_at(cuts), asked, equal_mass=True)


def _calibration(
    edges: Floats, asked: dict[str, Any], *, equal_mass: bool = False
) -> Calibration | None:
    bins = len(edges) - 1
    with connection.cursor() as cursor:
        # A bin has its upper edge, and width_bucket the lower: so all is turned round.
        turned = (-edges[::-1]).tolist()
        cursor.execute(_SCORE_BINS, {**asked, "turned": turned, "bins": bins})
        rows = cursor.fetchall()
    if not rows or min(row[4] for row in rows) < 0 or max(row[5] for row in rows) > 1:
        return None
    counts = np.zeros(bins, dtype=np.int64)
    right, sums = np.zeros(bins), np.zeros(bins)
    for number, steps, right_steps, total, _, _, _ in rows:
        counts[number], right[number], sums[number] = steps, right_steps, total
    squared_error = float(sum(row[6] for row in rows))
    return of_bins(edges, counts, right, sums, squared_error, equal_mass=equal_mass)


def _windows(matrix: LabelMatrix, judge: int) -> Windows | None:
    with connection.cursor() as cursor:
        cursor.execute(
            _WINDOWS,
            {
                "traces": matrix.traces.tolist(),
                "labels": matrix.labels[:, 0].tolist(),
                "judge": judge,
            },
        )
        ends = {trace: (low, high) for trace, low, high in cursor.fetchall()}
    if not ends:
        return None
    # A trace without scores is wrong at every threshold.
    nowhere = (np.inf, -np.inf)
    low, high = np.array([ends.get(trace, nowhere) for trace in matrix.traces.tolist()]).T
    return Windows(matrix.labels[:, 0] >= 0, low, high)


def _points(traces: Windows) -> list[CurvePoint]:
    """Return evenly spread points of the curve, the best one among them."""
    whole = curve(traces)
    last = len(whole.thresholds) - 1
    places = set(np.linspace(0, last, min(POINTS, last + 1)).round().astype(int).tolist())
    if not np.isnan(whole.f1).all():
        places.add(int(np.nanargmax(whole.f1)))
    return [
        CurvePoint(
            float(whole.thresholds[i]),
            _number(whole.f1[i]),
            _number(whole.accuracy_erroneous[i]),
            _number(whole.accuracy_correct[i]),
        )
        for i in sorted(places)
    ]


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _own_threshold(judge: int) -> float:
    scorer = getattr(Judge.objects.select_related("scorer").get(pk=judge), "scorer", None)
    threshold = getattr(scorer, "threshold", None)
    return DEFAULT if threshold is None else float(threshold)


_ASKED = "unnest(%(traces)s::bigint[], %(labels)s::int[]) AS asked (trace_id, label)"

_WINDOWS = f"""
    SELECT asked.trace_id,
        CASE WHEN label < 0 THEN '-Infinity'::float8 ELSE scores[label + 1] END,
        CASE WHEN label < 0 THEN (SELECT min(score) FROM unnest(scores) AS score)
             WHEN label = 0 THEN 'Infinity'::float8
             ELSE (SELECT min(score) FROM unnest(scores[:label]) AS score) END
    FROM {_ASKED}
    JOIN traces_verdict verdict ON verdict.trace_id = asked.trace_id
        AND verdict.judge_id = %(judge)s AND verdict.is_current
    WHERE cardinality(scores) > 0
"""  # noqa: S608

# A step's truth, as `calibration.step_truth` has it: by the reference's own labels of steps where
# it has any, neutral ones right, and else by where the first error is.
_KNOWN_STEPS = f"""
    FROM {_ASKED}
    JOIN traces_trace trace ON trace.id = asked.trace_id
    JOIN traces_verdict verdict ON verdict.trace_id = asked.trace_id
        AND verdict.judge_id = %(judge)s AND verdict.is_current
    LEFT JOIN traces_judge own ON own.dataset_id = trace.dataset_id
    JOIN traces_verdict label ON label.trace_id = asked.trace_id AND label.is_current
        AND label.judge_id = coalesce(%(reference)s::bigint, own.id)
    CROSS JOIN unnest(verdict.scores) WITH ORDINALITY AS step (score, place)
    CROSS JOIN LATERAL (SELECT CASE
        WHEN label.step_labels IS NOT NULL THEN (label.step_labels[place::int] >= 0)::int
        WHEN asked.label < 0 OR place <= asked.label THEN 1
        WHEN place = asked.label + 1 THEN 0 END) AS known (truth)
    WHERE truth IS NOT NULL
"""

_SCORE_CUTS = f"""
    SELECT percentile_disc(%(shares)s::float8[]) WITHIN GROUP (ORDER BY score)
    {_KNOWN_STEPS}
"""

_SCORE_BINS = f"""
    SELECT least(greatest(%(bins)s - width_bucket(-score, %(turned)s::float8[]), 0), %(bins)s - 1)
            AS bin,
        count(*), sum(truth)::bigint, sum(score), min(score), max(score),
        sum((score - truth) * (score - truth))
    {_KNOWN_STEPS}
    GROUP BY 1 ORDER BY 1
"""
