"""Paired tests: the difference of two judges on the traces that both judged.

The traces of one problem are not independent, so problems are what is drawn and what is swapped.
`permutation_p` asks how often a difference in F1 at least as large comes up when, problem by
problem, the two judges' answers change places by the toss of a coin, as they may if there is no
difference; the p-value is (1 + as large) / (1 + tosses), which is never 0 (Phipson and Smyth 2010,
Stat. Appl. Genet. Mol. Biol. 9:39). McNemar's test is given too because reviewers know it; it
takes the traces for independent, and is too sure where problems have many.

Many comparisons are corrected by `holm` (Holm 1979) or, where a share of false discoveries is
acceptable, `benjamini_hochberg` (1995). p-values are fractions, None where nothing can be tested.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest, false_discovery_control

from metrics.stats.bootstrap import (
    CHUNK,
    RESAMPLES,
    SEED,
    Counts,
    Floats,
    Interval,
    by_problem,
    f1_of,
    percentiles,
    resampled_sums,
)
from traces.records import NO_ERROR

# A difference that only rounding tells from the one measured counts as as large.
ROUNDING = 1e-9
# The columns of a subset's counts: traces with an error and without one, then for the first judge
# and for the second the traces of each kind that it got right.
COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Difference:
    """First minus second, in percentage points; None where one is undefined."""

    value: float | None
    interval: Interval | None
    permutation_p: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two judges on the same traces; F1 is the mean over subsets, as on the leaderboard."""

    traces: int
    problems: int
    f1: Difference
    accuracy_erroneous: Difference
    accuracy_correct: Difference
    # Traces that only the first, and only the second, got right.
    only_first: int
    only_second: int
    mcnemar_p: float | None


def paired_counts(
    labels: npt.ArrayLike, first: npt.ArrayLike, second: npt.ArrayLike, problems: npt.ArrayLike
) -> Counts:
    """Return one subset's counts by problem, shape (problems, 6), from both judges' labels.

    Arrays of shape (traces,): 0-based index of the first error, -1 for none, NaN for no usable
    answer, which is wrong. Leave out traces that one of the two has not judged.
    """
    label = np.asarray(labels, dtype=np.float64)
    erroneous = label != NO_ERROR
    columns = [erroneous, ~erroneous]
    for judge in (first, second):
        right = np.asarray(judge, dtype=np.float64) == label
        columns += [right & erroneous, right & ~erroneous]
    return by_problem(problems, np.column_stack(columns).astype(np.int64))


def compare(
    subsets: Sequence[Counts],
    *,
    only_first: int,
    only_second: int,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Comparison:
    """Compare two judges by the `paired_counts` of each subset."""
    random = np.random.default_rng(seed)
    present = [subset for subset in subsets if len(subset)]
    sums = [subset.sum(axis=0, keepdims=True).astype(np.float64) for subset in present]
    drawn = [resampled_sums(subset, random, resamples) for subset in present]
    swapped = [_swapped_sums(subset, random, resamples) for subset in present]
    problems = sum(map(len, present))
    f1, accuracy_erroneous, accuracy_correct = (
        _difference(measure(sums), measure(drawn), measure(swapped), problems)
        for measure in (_f1, _accuracy_erroneous, _accuracy_correct)
    )
    return Comparison(
        traces=sum(int(total[0, :2].sum()) for total in sums),
        problems=problems,
        f1=f1,
        accuracy_erroneous=accuracy_erroneous,
        accuracy_correct=accuracy_correct,
        only_first=only_first,
        only_second=only_second,
        mcnemar_p=mcnemar(only_first, only_second),
    )


def compare_traces(
    labels: npt.ArrayLike,
    first: npt.ArrayLike,
    second: npt.ArrayLike,
    *,
    problems: npt.ArrayLike,
    subsets: npt.ArrayLike | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Comparison:
    """Compare two judges by their labels, as `paired_counts` takes them; one subset by default."""
    label, a, b = (np.asarray(x, dtype=np.float64) for x in (labels, first, second))
    names = np.zeros(len(label)) if subsets is None else np.asarray(subsets)
    problem = np.asarray(problems)
    parts = [names == name for name in np.unique(names)]
    return compare(
        [paired_counts(label[part], a[part], b[part], problem[part]) for part in parts],
        only_first=int(((a == label) & (b != label)).sum()),
        only_second=int(((a != label) & (b == label)).sum()),
        resamples=resamples,
        seed=seed,
    )


def mcnemar(only_first: int, only_second: int) -> float | None:
    """Return McNemar's exact two-sided p-value (1947), None where the judges never differ."""
    differing = only_first + only_second
    return float(binomtest(only_first, differing).pvalue) if differing else None


def holm(p_values: Sequence[float | None]) -> list[float | None]:
    """Return Holm's step-down adjusted p-values, in the given order; None stays None."""
    order, sorted_p = _ascending(p_values)
    adjusted = np.maximum.accumulate(sorted_p * np.arange(len(sorted_p), 0, -1))
    return _placed(adjusted, order, len(p_values))


def benjamini_hochberg(p_values: Sequence[float | None]) -> list[float | None]:
    """Return p-values adjusted for the false discovery rate, in the given order; None stays."""
    present = [p for p in p_values if p is not None]
    adjusted = iter(false_discovery_control(present, method="bh") if present else [])
    return [None if p is None else float(next(adjusted)) for p in p_values]


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction of p-values for their number; `of` is its author, as a genitive."""

    name: str
    of: str
    adjust: Callable[[Sequence[float | None]], list[float | None]]


CORRECTIONS = {
    "holm": Correction("Holm", "Holm’s", holm),
    "discovery": Correction(
        "Benjamini and Hochberg", "Benjamini and Hochberg’s", benjamini_hochberg
    ),
}


def _swapped_sums(subset: Counts, random: np.random.Generator, resamples: int) -> Floats:
    """Return column sums, judges swapped by coin in each problem, shape (resamples, 6)."""
    kinds, each = np.unique(subset, axis=0, return_counts=True)
    change = (kinds[:, [0, 1, 4, 5, 2, 3]] - kinds).astype(np.float64)
    sums = np.empty((resamples, COLUMNS))
    for start in range(0, resamples, CHUNK):
        size = min(CHUNK, resamples - start)
        times = random.binomial(each, 0.5, size=(size, len(each)))
        sums[start : start + size] = times.astype(np.float64) @ change
    return sums + subset.sum(axis=0)


def _f1(sums: list[Floats]) -> Floats:
    """Return the difference of the mean F1 over the subsets where defined, shape (n,)."""
    return _mean(
        [
            f1_of(s[:, 0], s[:, 2], s[:, 1], s[:, 3]) - f1_of(s[:, 0], s[:, 4], s[:, 1], s[:, 5])
            for s in sums
        ]
    )


def _accuracy_erroneous(sums: list[Floats]) -> Floats:
    return _mean([_percent(s[:, 2] - s[:, 4], s[:, 0]) for s in sums])


def _accuracy_correct(sums: list[Floats]) -> Floats:
    return _mean([_percent(s[:, 3] - s[:, 5], s[:, 1]) for s in sums])


def _percent(part: Floats, whole: Floats) -> Floats:
    return 100 * part / np.where(whole > 0, whole, np.nan)


def _mean(values: list[Floats]) -> Floats:
    """Return the mean over the defined subsets, NaN where none is."""
    if not values:
        return np.array([np.nan])
    stacked = np.stack(values)
    present = (~np.isnan(stacked)).sum(axis=0)
    return np.asarray(np.nansum(stacked, axis=0) / np.where(present, present, np.nan))


def _difference(value: Floats, drawn: Floats, swapped: Floats, problems: int) -> Difference:
    measured = float(value[0])
    if np.isnan(measured):
        return Difference(None, None, None)
    as_large = int((np.abs(swapped) >= abs(measured) - ROUNDING).sum())
    return Difference(
        value=measured,
        interval=percentiles(drawn) if problems > 1 else None,
        permutation_p=(1 + as_large) / (1 + len(swapped)),
    )


def _ascending(p_values: Sequence[float | None]) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return the indices of the defined p-values, smallest first, and the values in that order."""
    places = [(p, i) for i, p in enumerate(p_values) if p is not None]
    places.sort()
    return (
        np.array([i for _, i in places], dtype=np.int64),
        np.array([p for p, _ in places], dtype=np.float64),
    )


def _placed(adjusted: Floats, order: npt.NDArray[np.int64], count: int) -> list[float | None]:
    found: list[float | None] = [None] * count
    for place, p in zip(order, adjusted, strict=True):
        found[place] = min(float(p), 1.0)
    return found
