"""A judge's figures part by part: by length, subset, generator, error type, position.

Every part is scored as a subset of the benchmark is, so a part with one kind of trace has an
accuracy and no F1. Figures are in percent, intervals over resampled problems.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from metrics.stats.bootstrap import (
    RESAMPLES,
    SEED,
    Counts,
    Interval,
    by_problem,
    f1_of,
    percentiles,
    resampled_sums,
)
from metrics.stats.processbench import SubsetScore, score_counts
from traces.records import NO_ERROR

# The first number of steps of each band of lengths.
LENGTHS = (1, 4, 7, 11, 16, 31)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the traces; `accuracy` is of all of them, by exact position, in percent.

    There is no interval where all traces are of one problem.
    """

    name: str
    score: SubsetScore
    accuracy: float
    accuracy_interval: Interval | None
    f1_interval: Interval | None


def breakdown(
    names: Sequence[str],
    labels: npt.ArrayLike,
    predictions: npt.ArrayLike,
    problems: npt.ArrayLike,
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> list[Part]:
    """Return a part for each name that occurs, in the names' order; arrays (traces,).

    `labels` are 0-based, -1 for no error; `predictions` the same, NaN for no usable answer.
    """
    label, said = np.asarray(labels, np.float64), np.asarray(predictions, np.float64)
    erroneous, right = label != NO_ERROR, said == label
    columns = np.column_stack(
        [erroneous, erroneous & right, ~erroneous, ~erroneous & right, np.isnan(said)]
    ).astype(np.int64)
    where, problem = np.asarray(names, dtype=object), np.asarray(problems)
    return [
        part_of(
            name,
            by_problem(problem[where == name], columns[where == name]),
            resamples=resamples,
            seed=seed,
        )
        for name in sorted(set(names))
    ]


def part_of(name: str, counts: Counts, *, resamples: int = RESAMPLES, seed: int = SEED) -> Part:
    """Return a part from counts by problem, shape (problems, 5), of at least one trace.

    The columns: traces with an error, those of them found, traces without one, those of them
    accepted, and traces without a usable answer.
    """
    erroneous, found, correct, accepted, unparsable = (int(total) for total in counts.sum(axis=0))
    score = score_counts(
        erroneous=erroneous,
        erroneous_found=found,
        correct=correct,
        correct_found=accepted,
        unparsable=unparsable,
    )
    accuracy = 100 * (found + accepted) / score.n
    if len(counts) < 2:
        return Part(name, score, accuracy, None, None)
    sums = resampled_sums(counts[:, :4], np.random.default_rng(seed), resamples)
    f1s = f1_of(sums[:, 0], sums[:, 1], sums[:, 2], sums[:, 3])
    accuracies = 100 * (sums[:, 1] + sums[:, 3]) / (sums[:, 0] + sums[:, 2])
    f1_interval = None if score.f1 is None else percentiles(f1s)
    return Part(name, score, accuracy, percentiles(accuracies), f1_interval)


def bands(values: Iterable[float], starts: Sequence[int] = LENGTHS) -> list[str]:
    """Return each value's band by name: "4 to 6", "7 to 10", up to "31 or more".

    Bands begin at `starts`, ascending; a value below the first belongs to it. `band_names` gives
    them in order.
    """
    names = band_names(starts)
    return [names[max(bisect_right(starts, value) - 1, 0)] for value in values]


def band_names(starts: Sequence[int] = LENGTHS) -> list[str]:
    closed = [f"{a} to {b - 1}" if b - a > 1 else f"{a}" for a, b in pairwise(starts)]
    return [*closed, f"{starts[-1]} or more"]
