"""Differences between arms on the same held-out problems, with confidence intervals.

The interval is a bootstrap over problems within each seed, for fixed seeds: it shows the variation
over other problems. The variation over seeds shows in the differences by seed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.stats.processbench import score

RESAMPLES = 2_000
F1_RESAMPLES = RESAMPLES // 10  # each computes four F1s


@dataclass(frozen=True, slots=True)
class Difference:
    """`a` minus `b`: the mean over seeds, its 95 % interval, and the value of each seed."""

    a: str
    b: str
    mean: float
    low: float
    high: float
    by_seed: list[float]

    @property
    def verdict(self) -> str:
        if self.low > 0:
            return "a is better"
        if self.high < 0:
            return "b is better"
        return "level"


def difference(
    a: str, b: str, a_solved: Sequence[Sequence[float]], b_solved: Sequence[Sequence[float]]
) -> Difference:
    """Return the difference of two accuracies.

    There is one sequence per seed, over the same problems: whether each problem is solved, or the
    share of attempts that solve it.
    """
    rng = np.random.default_rng(0)
    gaps = [
        np.array(a_values, dtype=float) - np.array(b_values, dtype=float)
        for a_values, b_values in zip(a_solved, b_solved, strict=True)
    ]
    resampled = np.mean([_resampled_means(gap, rng) for gap in gaps], axis=0)
    low, high = np.percentile(resampled, [2.5, 97.5])
    by_seed = [float(gap.mean()) for gap in gaps]
    return Difference(a, b, float(np.mean(by_seed)), float(low), float(high), by_seed)


def f1_difference(
    a: str,
    b: str,
    labels: Sequence[Sequence[int]],
    a_predictions: Sequence[Sequence[int]],
    b_predictions: Sequence[Sequence[int]],
) -> Difference:
    """Return the difference of two ProcessBench F1s, from 0 to 1. One sequence per seed."""
    rng = np.random.default_rng(0)
    by_seed, resampled = [], []
    for truth, a_labels, b_labels in zip(labels, a_predictions, b_predictions, strict=True):
        by_seed.append(_f1(truth, a_labels) - _f1(truth, b_labels))
        resamples = rng.integers(0, len(truth), (F1_RESAMPLES, len(truth)))
        resampled.append(
            [
                _f1(_take(truth, indices), _take(a_labels, indices))
                - _f1(_take(truth, indices), _take(b_labels, indices))
                for indices in resamples
            ]
        )
    low, high = np.percentile(np.mean(resampled, axis=0), [2.5, 97.5])
    return Difference(a, b, float(np.mean(by_seed)), float(low), float(high), by_seed)


def _f1(labels: Sequence[int], predictions: Sequence[int]) -> float:
    return (score(zip(labels, predictions, strict=True)).f1 or 0.0) / 100


def _take(values: Sequence[int], indices: NDArray[np.int64]) -> list[int]:
    return [values[index] for index in indices]


def _resampled_means(values: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the means of bootstrap resamples of the values."""
    indices = rng.integers(0, len(values), (RESAMPLES, len(values)))
    means: NDArray[np.float64] = values[indices].mean(axis=1)
    return means
