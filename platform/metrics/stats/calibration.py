"""Calibration: is a score of 0.8 right eight times in ten? Steps of PRMs, votes of critics.

The truth of a step, given only the first error (`step_truth`): the steps before it are right, it is
wrong, and the later ones are unknown and left out; in a trace without an error all steps are right.
Step labels, where the reference has them, give the truth of every step; a neutral one (0) counts as
right, as Qwen reads PRM800K (arXiv 2412.06559, app. C), unless left out. Scores are probabilities
of being right, 0 to 1; others have no calibration and are refused.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from metrics.stats.bootstrap import Counts, Floats
from metrics.stats.wilson import Rate, wilson_rate
from traces.records import NO_ERROR

BINS = 10


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Steps with scores from `low` to `high`; `right` is the share of right ones."""

    low: float
    high: float
    mean_score: float
    right: Rate


@dataclass(frozen=True, slots=True)
class Brier:
    """The mean squared distance of score and truth, 0 to 1, and its parts (Murphy 1973).

    `score` = reliability - resolution + uncertainty + within; `within` is what scores that differ
    inside one bin bring (Stephenson, Coelho and Jolliffe 2008, Weather and Forecasting 23:752).
    """

    score: float
    reliability: float  # how far the bins' mean scores are from their shares: 0 is best
    resolution: float  # how far those shares are from the overall one: more is better
    uncertainty: float  # of the truth itself, whatever the judge
    within: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Calibration over the `steps` with known truth; `bins` leaves out empty ones.

    With `equal_mass` the bins hold about equally many steps instead of being equally wide.
    """

    steps: int
    bins: list[ReliabilityBin]
    expected_error: float  # ECE, a fraction
    brier: Brier
    equal_mass: bool = False


def step_truth(
    label: int | None,
    steps: int,
    *,
    step_labels: Sequence[int | None] | None = None,
    neutral: float = 1.0,
) -> Floats:
    """Return 1 for a right step, 0 for a wrong one, NaN if unknown; shape (steps,).

    `label` is 0-based, -1 for no error, None for no usable answer. `step_labels` (1, 0, -1, None)
    take precedence; `neutral` is the value of their 0, NaN to leave those out.
    """
    if step_labels is not None:
        meaning = {1: 1.0, 0: neutral, -1: 0.0}
        return np.array([np.nan if one is None else meaning[one] for one in step_labels])
    if label is None:
        return np.full(steps, np.nan)
    if label == NO_ERROR:
        return np.ones(steps)
    truth = np.full(steps, np.nan)
    truth[:label] = 1.0
    truth[label] = 0.0
    return truth


def calibration(
    truth: Floats, scores: Floats, *, bins: int = BINS, equal_mass: bool = False
) -> Calibration | None:
    """Return reliability, ECE and Brier score of scores against truth.

    Both have shape (steps,), NaN left out.

    The bins are of equal width (Naeini, Cooper and Hauskrecht 2015, AAAI), or, with `equal_mass`,
    hold about equally many steps (Nguyen and O'Connor 2015, EMNLP); equal scores are never parted.
    None where no step has both. Raises ValueError for a score outside 0 to 1.
    """
    known = ~np.isnan(truth) & ~np.isnan(scores)
    truth, scores = truth[known], scores[known]
    if not len(scores):
        return None
    if scores.min() < 0 or scores.max() > 1:
        raise ValueError(
            f"Scores range from {scores.min():g} to {scores.max():g}. Only probabilities from 0"
            " to 1 can be calibrated."
        )
    edges = equal_mass_edges(scores, bins) if equal_mass else np.linspace(0, 1, bins + 1)
    number = np.clip(np.searchsorted(edges, scores, side="left") - 1, 0, len(edges) - 2)
    size = len(edges) - 1
    counts = np.bincount(number, minlength=size)
    right = np.bincount(number, weights=truth, minlength=size).astype(np.float64)
    total = np.bincount(number, weights=scores, minlength=size).astype(np.float64)
    squared_error = float(((scores - truth) ** 2).sum())
    return of_bins(edges, counts, right, total, squared_error, equal_mass=equal_mass)


def of_bins(
    edges: Floats,
    counts: Counts,
    right: Floats,
    score_sums: Floats,
    squared_error: float,
    *,
    equal_mass: bool = False,
) -> Calibration | None:
    """Return the calibration from sums over each bin's steps, shape (bins,).

    A bin includes its upper edge.

    `edges` has shape (bins + 1,), `right` counts right steps, and `squared_error` is the sum of
    (score - truth)² over all steps. None without a step.
    """
    (filled,) = np.nonzero(counts)
    if not len(filled):
        return None
    n = counts[filled].astype(np.float64)
    steps = float(n.sum())
    mean_score, share, weight = score_sums[filled] / n, right[filled] / n, n / steps
    overall = float(weight @ share)
    reliability = float(weight @ (mean_score - share) ** 2)
    resolution = float(weight @ (share - overall) ** 2)
    uncertainty = overall * (1 - overall)
    score = squared_error / steps
    within = score - (reliability - resolution + uncertainty)
    return Calibration(
        steps=int(steps),
        bins=[
            ReliabilityBin(
                float(edges[b]), float(edges[b + 1]), float(m), wilson_rate(int(r), int(c))
            )
            for b, m, r, c in zip(filled, mean_score, right[filled], n, strict=True)
        ],
        expected_error=float(weight @ np.abs(mean_score - share)),
        brier=Brier(score, reliability, resolution, uncertainty, within),
        equal_mass=equal_mass,
    )


def equal_mass_edges(scores: Floats, bins: int) -> Floats:
    """Return edges from 0 to 1 whose bins hold about equally many scores.

    A bin includes its upper edge.
    """
    return edges_at(np.quantile(scores, inner_shares(bins), method="inverted_cdf"))


def inner_shares(bins: int) -> Floats:
    """Return the shares of scores below each edge but the first and the last."""
    return np.arange(1, bins) / bins


def edges_at(cuts: Iterable[float]) -> Floats:
    """Return edges from 0 to 1 with the given ones between; equal edges are merged."""
    return np.unique(np.concatenate([[0.0], np.asarray([*cuts], dtype=np.float64), [1.0]]))


def by_votes(shares: Sequence[float], right: Sequence[bool]) -> list[tuple[float, Rate]]:
    """Return a critic's shares of votes, ascending, with how often the answer is right.

    One row for each share that occurs; intervals are Wilson's, as if the traces were independent.
    """
    values, index = np.unique(np.asarray(shares, dtype=np.float64), return_inverse=True)
    of = np.bincount(index.reshape(-1), minlength=len(values))
    count = np.bincount(index.reshape(-1), weights=np.asarray(right, float), minlength=len(values))
    return [
        (float(v), wilson_rate(int(c), int(n))) for v, c, n in zip(values, count, of, strict=True)
    ]
