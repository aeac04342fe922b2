"""Differences between arms on the same held-out problems, with intervals.

The interval is a bootstrap over problems within each seed, the seeds as they are: it says what
other problems could have given. What other seeds could give shows in the seeds' own differences.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from metrics.stats.processbench import score

RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Difference:
    """`a` minus `b`: over all seeds, its 95 % interval, and seed by seed."""

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
    a: str, b: str, first: Sequence[Sequence[float]], second: Sequence[Sequence[float]]
) -> Difference:
    """Of accuracies: whether each problem is solved, or the share of attempts at it that solve it;
    one sequence a seed, the same problems in both."""
    random = np.random.default_rng(0)
    gaps = [
        np.array(one, dtype=float) - np.array(other, dtype=float)
        for one, other in zip(first, second, strict=True)
    ]
    drawn = np.mean([_resampled_means(gap, random) for gap in gaps], axis=0)
    low, high = np.percentile(drawn, [2.5, 97.5])
    by_seed = [float(gap.mean()) for gap in gaps]
    return Difference(a, b, float(np.mean(by_seed)), float(low), float(high), by_seed)


def f1_difference(
    a: str,
    b: str,
    labels: Sequence[Sequence[int]],
    first: Sequence[Sequence[int]],
    second: Sequence[Sequence[int]],
) -> Difference:
    """Of ProcessBench F1s, as shares."""
    random = np.random.default_rng(0)
    by_seed, drawn = [], []
    for truth, one, other in zip(labels, first, second, strict=True):
        by_seed.append(_f1(truth, one) - _f1(truth, other))
        picks = random.integers(0, len(truth), (RESAMPLES // 10, len(truth)))
        drawn.append(
            [
                _f1(_taken(truth, pick), _taken(one, pick))
                - _f1(_taken(truth, pick), _taken(other, pick))
                for pick in picks
            ]
        )
    low, high = np.percentile(np.mean(drawn, axis=0), [2.5, 97.5])
    return Difference(a, b, float(np.mean(by_seed)), float(low), float(high), by_seed)


def _f1(labels: Sequence[int], found: Sequence[int]) -> float:
    return (score(zip(labels, found, strict=True)).f1 or 0.0) / 100


def _taken(values: Sequence[int], places: NDArray[np.int64]) -> list[int]:
    return [values[place] for place in places]


def _resampled_means(
    values: NDArray[np.float64], random: np.random.Generator
) -> NDArray[np.float64]:
    picks = random.integers(0, len(values), (RESAMPLES, len(values)))
    means: NDArray[np.float64] = values[picks].mean(axis=1)
    return means
