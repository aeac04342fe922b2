"""Coincidence matrix: labels given together to a trace, from which agreement is computed.

A trace that m raters labelled holds m(m - 1) ordered pairs of labels. Pairs are counted as whole
numbers, by problem, apart for each m: no figure hangs on the order of the traces, and a bootstrap
over problems is one multiplication of matrices (see `metrics.stats.bootstrap`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from metrics.stats.bootstrap import Counts, Floats
from traces.records import NO_ERROR

# Shape (traces, raters): 0-based index of the first wrong step, -1 for none, NaN where there is no
# verdict or no usable answer: a rater who named nothing neither agrees nor disagrees.
Ratings = Floats


@dataclass(frozen=True, slots=True)
class Coincidences:
    """Ordered pairs of labels given to one trace by two raters.

    `categories`, shape (K,), are the labels that occur, in order: the steps from 0, then "no
    error", which ranks after every step. The other arrays have one entry a column of `counts`:
    `raters` is m, `first` and `second` index `categories`. `counts` has shape (problems, columns).
    """

    categories: npt.NDArray[np.int64]
    raters: Counts
    first: Counts
    second: Counts
    counts: Counts
    traces: int  # those with two labels or more

    @property
    def sums(self) -> Floats:
        """Return all problems together, shape (1, columns)."""
        return self.counts.sum(axis=0, keepdims=True).astype(np.float64)


def found_error(ratings: Ratings) -> Ratings:
    """Return the ratings as error (0) or no error (-1)."""
    found = np.where(ratings == NO_ERROR, float(NO_ERROR), 0.0)
    return np.where(np.isnan(ratings), np.nan, found)


def coincidences(ratings: Ratings, problems: npt.ArrayLike | None = None) -> Coincidences:
    """Count pairs of raters in both orders; without `problems` each trace is its own problem."""
    return _counted(ratings, problems, both_ways=True)


def ordered_pairs(
    first: Floats, second: Floats, problems: npt.ArrayLike | None = None
) -> Coincidences:
    """Count two raters' pairs (first's label, second's) once a trace: a contingency table."""
    return _counted(np.column_stack([first, second]), problems, both_ways=False)


def pair_of_cells(cells: Iterable[tuple[int, int, int]]) -> Coincidences:
    """Count pairs from (first's label, second's, traces) cells, as a database groups them.

    All traces are then of one problem, and figures have no interval.
    """
    rows = np.array(sorted(cells), dtype=np.int64).reshape(-1, 3)
    rows = rows[rows[:, 2] > 0]
    categories, index = _categories(rows[:, :2].astype(np.float64))
    return Coincidences(
        categories=categories,
        raters=np.full(len(rows), 2),
        first=index[:, 0],
        second=index[:, 1],
        counts=rows[:, 2].reshape(1, -1),
        traces=int(rows[:, 2].sum()),
    )


def _counted(ratings: Ratings, problems: npt.ArrayLike | None, *, both_ways: bool) -> Coincidences:
    ratings = np.asarray(ratings, dtype=np.float64)
    names = np.arange(len(ratings)) if problems is None else np.asarray(problems)
    given = (~np.isnan(ratings)).sum(axis=1)
    paired = given >= 2
    ratings, names, given = ratings[paired], names[paired], given[paired]
    categories, index = _categories(ratings)
    codes, rows = _codes(index, given, len(categories), both_ways=both_ways)
    columns, column = np.unique(codes, return_inverse=True)
    problem_names, problem = np.unique(names, return_inverse=True)
    counts = np.zeros((len(problem_names), len(columns)), dtype=np.int64)
    np.add.at(counts, (problem.reshape(-1)[rows], column.reshape(-1)), 1)
    size = max(len(categories), 1)
    return Coincidences(
        categories=categories,
        raters=columns // size**2,
        first=columns // size % size,
        second=columns % size,
        counts=counts,
        traces=len(ratings),
    )


def _categories(ratings: Ratings) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the labels that occur, in order, and each rating's index, -1 where missing."""
    ranked = np.where(ratings == NO_ERROR, np.inf, ratings)
    present = ~np.isnan(ratings)
    values = np.unique(ranked[present])
    index = np.where(present, np.searchsorted(values, np.where(present, ranked, 0.0)), -1)
    return np.where(np.isinf(values), NO_ERROR, values).astype(np.int64), index


def _codes(
    index: npt.NDArray[np.int64], given: npt.NDArray[np.int64], size: int, *, both_ways: bool
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return one number for each pair's m and two labels, and the pair's trace; shape (pairs,)."""
    codes, rows = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for i in range(index.shape[1]):
        for j in range(index.shape[1]):
            if i == j or (i > j and not both_ways):
                continue
            (row,) = np.nonzero((index[:, i] >= 0) & (index[:, j] >= 0))
            codes.append((given[row] * size + index[row, i]) * size + index[row, j])
            rows.append(row)
    return np.concatenate(codes), np.concatenate(rows)
