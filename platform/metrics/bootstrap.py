"""Percentile intervals of F1 by resampling problems.

Traces of one problem are not independent, so whole problems are drawn, with replacement, as many
as a subset has; subsets are drawn apart, since their sizes are the benchmark's and not chance.
Problems with the same counts are interchangeable, so one multinomial draw over the distinct counts
stands for drawing problem by problem: the cost hangs on how many different counts there are, not on
how many traces.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RESAMPLES = 2000
LEVEL = 0.95
SEED = 20_241_209

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Intervals:
    """One a subset, in their order, and that of the mean; None where nothing could vary."""

    subsets: list[Interval | None]
    mean: Interval | None


def f1_intervals(
    subsets: Sequence[Counts], *, resamples: int = RESAMPLES, seed: int = SEED
) -> Intervals:
    """95 % intervals of each subset's F1, in percent, and of their mean.

    A subset is an array of shape (kinds, 5): of a problem of this kind, how many traces are
    erroneous, how many of those were found, how many correct, how many of those found; and last how
    many problems are of this kind. The order of the rows changes nothing. A subset whose F1 is
    undefined is left out of the mean, as it is from the figure itself.
    """
    random = np.random.default_rng(seed)
    drawn = [resampled_f1(_merged(subset), random, resamples) for subset in subsets]
    defined = [values for values in drawn if not np.isnan(values).all()]
    problems = sum(int(subset[:, 4].sum()) for subset in subsets if len(subset))
    mean = _mean_of(defined) if defined and problems > 1 else None
    return Intervals(
        subsets=[
            _percentiles(values) if len(subset) and subset[:, 4].sum() > 1 else None
            for subset, values in zip(subsets, drawn, strict=True)
        ],
        mean=_percentiles(mean) if mean is not None else None,
    )


def resampled_f1(subset: Counts, random: np.random.Generator, resamples: int) -> Floats:
    """F1 in percent of each resample, shape (resamples,); NaN where a resample has it undefined."""
    problems = int(subset[:, 4].sum()) if len(subset) else 0
    if not problems:
        return np.full(resamples, np.nan)
    weights = random.multinomial(problems, subset[:, 4] / problems, size=resamples)
    erroneous, erroneous_found, correct, correct_found = (weights @ subset[:, :4]).T
    with np.errstate(invalid="ignore"):
        a = 100 * erroneous_found / erroneous
        b = 100 * correct_found / correct
        value = 2 * a * b / (a + b)
    return np.where((a == 0) & (b == 0), 0.0, value)


def _merged(subset: Counts) -> Counts:
    """The same problems with equal kinds added up, in one order whatever the rows' order was."""
    if not len(subset):
        return subset.reshape(0, 5)
    kinds, index = np.unique(subset[:, :4], axis=0, return_inverse=True)
    problems = np.zeros(len(kinds), dtype=np.int64)
    np.add.at(problems, index.reshape(-1), subset[:, 4])
    return np.column_stack([kinds, problems])


def _mean_of(drawn: list[Floats]) -> Floats:
    """The mean over subsets of each resample, over those defined in it, shape (resamples,)."""
    stacked = np.stack(drawn)
    present = (~np.isnan(stacked)).sum(axis=0)
    with np.errstate(invalid="ignore"):
        return np.nansum(stacked, axis=0) / np.where(present, present, np.nan)


def _percentiles(values: Floats) -> Interval | None:
    values = values[~np.isnan(values)]
    if not values.size:
        return None
    low, high = np.percentile(values, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return Interval(float(low), float(high))
