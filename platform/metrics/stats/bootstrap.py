"""Percentile intervals by resampling problems: of F1, and of any sums over traces.

Traces of one problem are not independent, so whole problems are drawn, with replacement, as many as
a subset has. Subsets are drawn separately, since their sizes are the benchmark's and not chance.
Problems with the same counts are interchangeable, so one multinomial draw over the distinct counts
replaces drawing problem by problem: the cost depends on the number of different counts, not of
traces.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RESAMPLES = 2000
LEVEL = 0.95
SEED = 20_241_209
# Drawn together, so that memory stays bounded with many kinds of problem.
CHUNK = 200

Counts = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure, None where undefined, and its interval, None where nothing could vary."""

    value: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Intervals:
    """An interval a subset, in their order, and the mean's; None where nothing could vary."""

    subsets: list[Interval | None]
    mean: Interval | None


def f1_intervals(
    subsets: Sequence[Counts], *, resamples: int = RESAMPLES, seed: int = SEED
) -> Intervals:
    """Return 95 % intervals of each subset's F1, in percent, and of their mean.

    A subset is an array of shape (kinds, 5): of a problem of this kind, how many traces are
    erroneous, how many of those were found, how many correct, how many of those found; and last how
    many problems are of this kind. The order of the rows changes nothing. A subset whose F1 is
    undefined is left out of the mean, as it is from the figure itself.
    """
    random = np.random.default_rng(seed)
    drawn = [resampled_f1(subset, random, resamples) for subset in subsets]
    defined = [values for values in drawn if not np.isnan(values).all()]
    problems = sum(int(subset[:, 4].sum()) for subset in subsets if len(subset))
    mean = _mean_of(defined) if defined and problems > 1 else None
    return Intervals(
        subsets=[
            percentiles(values) if len(subset) and subset[:, 4].sum() > 1 else None
            for subset, values in zip(subsets, drawn, strict=True)
        ],
        mean=percentiles(mean) if mean is not None else None,
    )


def resampled_f1(subset: Counts, random: np.random.Generator, resamples: int) -> Floats:
    """Return the F1 in percent of each resample, shape (resamples,), NaN where undefined."""
    if not len(subset) or not subset[:, 4].sum():
        return np.full(resamples, np.nan)
    sums = resampled_sums(subset[:, :4], random, resamples, times=subset[:, 4])
    erroneous, erroneous_found, correct, correct_found = sums.T
    return f1_of(erroneous, erroneous_found, correct, correct_found)


def f1_of(erroneous: Floats, found: Floats, correct: Floats, accepted: Floats) -> Floats:
    """Return F1 in percent from arrays of counts of one shape, NaN where undefined."""
    with np.errstate(invalid="ignore", divide="ignore"):
        a = 100 * found / erroneous
        b = 100 * accepted / correct
        value = 2 * a * b / (a + b)
    return np.where((a == 0) & (b == 0), 0.0, value)


def resampled_sums(
    rows: Counts | Floats,
    random: np.random.Generator,
    resamples: int,
    *,
    times: Counts | None = None,
) -> Floats:
    """Return the column sums of each resample of the rows, shape (resamples, columns).

    A row holds one problem's counts, or those of each of `times` problems that are alike. The order
    of the rows changes nothing. Without rows the sums are 0.
    """
    each = np.ones(len(rows), dtype=np.int64) if times is None else times
    kinds, each = _merged(rows, each)
    problems = int(each.sum())
    sums = np.zeros((resamples, rows.shape[1]))
    if not problems:
        return sums
    for start in range(0, resamples, CHUNK):
        size = min(CHUNK, resamples - start)
        weights = random.multinomial(problems, each / problems, size=size)
        sums[start : start + size] = weights.astype(np.float64) @ kinds
    return sums


def by_problem(problems: npt.ArrayLike, columns: Counts) -> Counts:
    """Return the columns summed over each problem's traces, shape (problems, columns).

    `problems` names each trace's problem, shape (traces,); `columns` has a row a trace.
    """
    names, index = np.unique(np.asarray(problems), return_inverse=True)
    sums = np.zeros((len(names), columns.shape[1]), dtype=np.int64)
    np.add.at(sums, index.reshape(-1), columns)
    return sums


def percentiles(values: Floats) -> Interval | None:
    """Return the middle 95 % of the resampled values, NaN left out; None where none is left."""
    values = values[~np.isnan(values)]
    if not values.size:
        return None
    low, high = np.percentile(values, [50 * (1 - LEVEL), 50 * (1 + LEVEL)])
    return Interval(float(low), float(high))


def _merged(rows: Counts | Floats, each: Counts) -> tuple[Floats, Counts]:
    """Merge equal rows and count them, in an order that does not depend on the rows'."""
    if not len(rows):
        return rows.astype(np.float64), each
    kinds, index = np.unique(rows, axis=0, return_inverse=True)
    problems = np.zeros(len(kinds), dtype=np.int64)
    np.add.at(problems, index.reshape(-1), each)
    return kinds.astype(np.float64), problems


def _mean_of(drawn: list[Floats]) -> Floats:
    """Return each resample's mean over the subsets defined in it, shape (resamples,)."""
    stacked = np.stack(drawn)
    present = (~np.isnan(stacked)).sum(axis=0)
    with np.errstate(invalid="ignore"):
        return np.nansum(stacked, axis=0) / np.where(present, present, np.nan)
