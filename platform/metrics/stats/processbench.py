"""The ProcessBench metric (Zheng et al., arXiv 2412.06559, section 3 and its `run_eval.py`).

A judge names the first wrong step of a trace, 0-based, or -1 for none; None is no usable answer and
counts as wrong. Accuracy on the traces with an error and on those without is by the exact index, in
percent; F1 is their harmonic mean; the benchmark's figure is the unweighted mean over subsets.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from traces.records import NO_ERROR


@dataclass(frozen=True, slots=True)
class SubsetScore:
    """Accuracies and F1 in percent; None where no trace is of the kind."""

    n: int
    n_erroneous: int
    accuracy_erroneous: float | None
    accuracy_correct: float | None
    f1: float | None
    unparsable: int


def score(pairs: Iterable[tuple[int, int | None]]) -> SubsetScore:
    """Score (label, prediction) pairs of one subset."""
    erroneous = erroneous_found = correct = correct_found = unparsable = 0
    for label, prediction in pairs:
        found = prediction == label
        unparsable += prediction is None
        if label == NO_ERROR:
            correct += 1
            correct_found += found
        else:
            erroneous += 1
            erroneous_found += found
    return score_counts(
        erroneous=erroneous,
        erroneous_found=erroneous_found,
        correct=correct,
        correct_found=correct_found,
        unparsable=unparsable,
    )


def score_counts(
    *, erroneous: int, erroneous_found: int, correct: int, correct_found: int, unparsable: int
) -> SubsetScore:
    """Score one subset from counts of traces, as the database adds them up."""
    accuracy_erroneous = _percent(erroneous_found, erroneous)
    accuracy_correct = _percent(correct_found, correct)
    return SubsetScore(
        n=erroneous + correct,
        n_erroneous=erroneous,
        accuracy_erroneous=accuracy_erroneous,
        accuracy_correct=accuracy_correct,
        f1=f1(accuracy_erroneous, accuracy_correct),
        unparsable=unparsable,
    )


def f1(accuracy_erroneous: float | None, accuracy_correct: float | None) -> float | None:
    """Return the harmonic mean of the two accuracies; None where either is undefined.

    Both 0 gives 0.0, its limit, where the authors' script divides by zero.
    """
    if accuracy_erroneous is None or accuracy_correct is None:
        return None
    total = accuracy_erroneous + accuracy_correct
    return 2 * accuracy_erroneous * accuracy_correct / total if total else 0.0


def mean_f1(f1s: Iterable[float | None]) -> float | None:
    """Return the unweighted mean over the subsets with an F1; None where none has one."""
    defined = [value for value in f1s if value is not None]
    return float(np.mean(defined)) if defined else None


def _percent(found: int, of: int) -> float | None:
    return found / of * 100 if of else None
