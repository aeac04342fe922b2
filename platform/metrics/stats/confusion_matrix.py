"""Confusion matrix of the first error's position: a judge against the reference.

Positions are 0-based steps, -1 for no error; a prediction of None is no usable answer. Both come as
(label, prediction, traces) cells, as the database groups them, so a million traces are a few
hundred cells.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from metrics.stats.bootstrap import Counts
from metrics.stats.breakdown import band_names
from traces.records import NO_ERROR

Cell = tuple[int, int | None, int]
# The first step of each bin of positions: early steps one by one, since most errors are there.
BINS = (0, 1, 2, 3, 4, 6, 9, 14)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Numbers of traces by how the judge's verdict differs from the reference's."""

    exact: int = 0  # the exact step
    too_early: int = 0  # a right step was called wrong, before the error
    too_late: int = 0  # the first error passed, a later step was named
    missed: int = 0  # an erroneous trace was called right
    accepted: int = 0  # a right trace was called right
    false_alarm: int = 0  # a right trace was called wrong
    unparsable: int = 0  # no usable answer


@dataclass(frozen=True, slots=True)
class Confusion:
    """Numbers of traces by binned position: rows the reference's, columns the judge's.

    `counts` has shape (bins + 1, bins + 2): the bins, then no error, then, for the judge alone, no
    usable answer. Both in the bin of one exact step, or both no error, are right; in a bin of
    several steps they need not be, and `exact`, of the same shape, counts the right ones.
    """

    starts: tuple[int, ...]
    counts: Counts
    exact: Counts


def outcome(label: int, prediction: int | None) -> str:
    """Return the name of the `Outcomes` field of a trace."""
    if prediction is None:
        return "unparsable"
    if label == NO_ERROR:
        return "accepted" if prediction == NO_ERROR else "false_alarm"
    if prediction == NO_ERROR:
        return "missed"
    if prediction == label:
        return "exact"
    return "too_early" if prediction < label else "too_late"


def outcomes(cells: Iterable[Cell]) -> Outcomes:
    """Add up the cells by outcome."""
    counts = dict.fromkeys(Outcomes.__dataclass_fields__, 0)
    for label, prediction, traces in cells:
        counts[outcome(label, prediction)] += traces
    return Outcomes(**counts)


def confusion(cells: Iterable[Cell], *, bins: Sequence[int] = BINS) -> Confusion:
    """Return the matrix of positions; `bins` are the bins' first steps, ascending from 0."""
    counts = np.zeros((len(bins) + 1, len(bins) + 2), dtype=np.int64)
    exact = np.zeros_like(counts)
    for label, prediction, traces in cells:
        row, column = _bin(label, bins), _bin(prediction, bins)
        counts[row, column] += traces
        exact[row, column] += traces if label == prediction else 0
    return Confusion(tuple(bins), counts, exact)


def _bin(position: int | None, bins: Sequence[int]) -> int:
    if position is None:
        return len(bins) + 1
    return len(bins) if position == NO_ERROR else bisect_right(bins, position) - 1


def position_names() -> list[str]:
    """Return the bins' names, counted from 1: "1" to "15 or later", then "no error"."""
    steps = [name.replace("more", "later") for name in band_names([start + 1 for start in BINS])]
    return [*steps, "no error"]
