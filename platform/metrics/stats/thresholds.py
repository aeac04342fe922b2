"""Thresholds: a PRM's figures at every threshold, and the choice of one.

A step is called wrong where its score is below the threshold, and the first such step of a trace is
the verdict (Zheng et al., arXiv 2412.06559, section 4.1). So a trace is judged right over a single
stretch of thresholds: above the labelled step's own score and up to the least score before it;
without an error, up to the least score of all. One sort of those ends gives the whole curve.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from metrics.stats.bootstrap import Floats, f1_of
from metrics.stats.processbench import SubsetScore, score_counts
from metrics.stats.splits import DEVELOPMENT_SHARE, in_development
from traces.records import NO_ERROR

Bools = npt.NDArray[np.bool_]
# F1s that differ by less are alike.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Windows:
    """Ranges of thresholds that judge a trace right: low < t <= high, none if high <= low.

    Arrays of shape (traces,). A judge without scores on a trace is right at none: its window is
    from inf to -inf.
    """

    erroneous: Bools
    low: Floats
    high: Floats

    def of(self, chosen: Bools) -> "Windows":
        return Windows(self.erroneous[chosen], self.low[chosen], self.high[chosen])


@dataclass(frozen=True, slots=True)
class ThresholdCurve:
    """Figures in percent at every distinct threshold; NaN where undefined.

    Arrays of shape (cuts + 1,), thresholds ascending: one for each stretch of thresholds that judge
    all traces alike, from above one cut point up to and with the next.
    """

    thresholds: Floats
    f1: Floats
    accuracy_erroneous: Floats
    accuracy_correct: Floats


@dataclass(frozen=True, slots=True)
class ChosenThreshold:
    """The threshold that is best on the development traces, with the others' figures.

    `threshold` is None where the development traces have no F1; `held_out` is then at `default`.
    """

    threshold: float | None
    development: SubsetScore
    held_out: SubsetScore
    held_out_at_default: SubsetScore


def windows(labels: Sequence[int], scores: Sequence[Sequence[float] | None]) -> Windows:
    """Return the range of each trace from its label (0-based or -1) and its step scores.

    Without scores the trace is wrong at every threshold, as an unusable answer is.
    """
    ends = [_window(label, row) for label, row in zip(labels, scores, strict=True)]
    low, high = np.array(ends, dtype=np.float64).reshape(-1, 2).T
    return Windows(np.array([label != NO_ERROR for label in labels], dtype=bool), low, high)


def curve(traces: Windows) -> ThresholdCurve:
    """Return the exact figures at every threshold; O(n log n) in the number of traces."""
    thresholds = between(_cuts(traces))
    found, accepted = (_right(traces, thresholds, kind) for kind in (True, False))
    erroneous = np.full(len(thresholds), float(traces.erroneous.sum()))
    correct = float(len(traces.low)) - erroneous
    with np.errstate(invalid="ignore"):
        return ThresholdCurve(
            thresholds,
            f1_of(erroneous, found, correct, accepted),
            100 * found / erroneous,
            100 * accepted / correct,
        )


def between(cuts: Floats) -> Floats:
    """Return one threshold for each stretch between the cut points, shape (cuts + 1,).

    It is halfway between neighbours, so that scores a rounding error off change nothing; below the
    first and above the last it is half a unit away.
    """
    if not len(cuts):
        return np.array([0.5])
    middles = (cuts[:-1] + cuts[1:]) / 2
    # Neighbours without a number between them: the upper, at which only the lower is below.
    middles = np.where(middles > cuts[:-1], middles, cuts[1:])
    return np.concatenate([[cuts[0] - 0.5], middles, [cuts[-1] + 0.5]])


def score_at(traces: Windows, threshold: float) -> SubsetScore:
    """Return the figures at one threshold; traces without scores count as unparsable."""
    right = (traces.low < threshold) & (threshold <= traces.high)
    return score_counts(
        erroneous=int(traces.erroneous.sum()),
        erroneous_found=int((right & traces.erroneous).sum()),
        correct=int((~traces.erroneous).sum()),
        correct_found=int((right & ~traces.erroneous).sum()),
        unparsable=int((traces.low == np.inf).sum()),
    )


def best_threshold(traces: Windows) -> float | None:
    """Return the threshold with the highest F1; among equals the widest stretch, then lowest.

    None where no threshold has an F1. The first and last stretch, without an end, count as of no
    width: a judge that never or always objects is taken only if nothing is better.
    """
    found = curve(traces)
    if np.isnan(found.f1).all():
        return None
    (best,) = np.nonzero(found.f1 >= np.nanmax(found.f1) - ROUNDING)
    widths = np.zeros(len(found.thresholds))
    widths[1:-1] = np.diff(_cuts(traces))
    return float(found.thresholds[best[np.argmax(widths[best])]])


def choose(
    traces: Windows,
    problems: Sequence[str],
    *,
    default: float,
    share: float = DEVELOPMENT_SHARE,
) -> ChosenThreshold:
    """Choose on the development problems, and apply to the traces of all the others."""
    inside = np.array([in_development(problem, share=share) for problem in problems], dtype=bool)
    development, held_out = traces.of(inside), traces.of(~inside)
    threshold = best_threshold(development)
    used = default if threshold is None else threshold
    return ChosenThreshold(
        threshold,
        score_at(development, used),
        score_at(held_out, used),
        score_at(held_out, default),
    )


def _window(label: int, scores: Sequence[float] | None) -> tuple[float, float]:
    if scores is None or not len(scores):
        return np.inf, -np.inf
    if label == NO_ERROR:
        return -np.inf, min(scores)
    return scores[label], min(scores[:label], default=np.inf)


def _cuts(traces: Windows) -> Floats:
    """Return the scores at which some trace becomes right or wrong, ascending, unique."""
    somewhere = traces.low < traces.high
    ends = np.concatenate([traces.low[somewhere], traces.high[somewhere]])
    return np.unique(ends[np.isfinite(ends)])


def _right(traces: Windows, thresholds: Floats, erroneous: bool) -> Floats:
    """Return the number of traces judged right at each threshold, shape (thresholds,)."""
    chosen = (traces.erroneous == erroneous) & (traces.low < traces.high)
    opened = np.searchsorted(np.sort(traces.low[chosen]), thresholds, side="left")
    closed = np.searchsorted(np.sort(traces.high[chosen]), thresholds, side="left")
    return (opened - closed).astype(np.float64)
