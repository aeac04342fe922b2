"""What a PRM's figures would be at every threshold, and which threshold to take.

A step is called wrong where its score is below the threshold, and the first such step of a trace is
the verdict (Zheng et al., arXiv 2412.06559, section 4.1). So a trace is judged right over a single
stretch of thresholds: above the labelled step's own score and up to the least score before it;
without an error, up to the least score of all. One sort of those ends gives the whole curve.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from metrics.bootstrap import Floats, f1_of
from metrics.processbench import SubsetScore, score_counts
from metrics.splits import DEVELOPMENT_SHARE, in_development
from traces.records import NO_ERROR


@dataclass(frozen=True, slots=True)
class Window:
    """A trace is judged right at thresholds t with low < t <= high; at none where high <= low."""

    erroneous: bool
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ThresholdCurve:
    """Figures in percent at every threshold that tells two apart; NaN where undefined.

    Arrays of shape (cuts,), thresholds ascending. A threshold stands for the stretch from the cut
    point below it to the one above, both excluded but where they are the stretch's own ends.
    """

    thresholds: Floats
    f1: Floats
    accuracy_erroneous: Floats
    accuracy_correct: Floats


@dataclass(frozen=True, slots=True)
class ChosenThreshold:
    """The threshold that is best on the development traces, and the figures of all the others.

    `threshold` is None where the development traces have no F1; `held_out` is then at `default`.
    """

    threshold: float | None
    development: SubsetScore
    held_out: SubsetScore
    held_out_at_default: SubsetScore


def window(label: int, scores: Sequence[float] | None) -> Window:
    """Of one trace: label 0-based or -1; scores one a step, None where the judge gave none.

    Without scores the trace is wrong at every threshold, as an unusable answer is.
    """
    if scores is None or not len(scores):
        return Window(label != NO_ERROR, np.inf, -np.inf)
    if label == NO_ERROR:
        return Window(False, -np.inf, min(scores))
    return Window(True, scores[label], min(scores[:label], default=np.inf))


def curve(windows: Sequence[Window]) -> ThresholdCurve:
    """The figures at every threshold, exactly; O(n log n) in the number of traces."""
    ends = [end for one in windows if one.low < one.high for end in (one.low, one.high)]
    cuts = np.unique([end for end in ends if np.isfinite(end)])
    thresholds = between(cuts)
    counts = [_right(windows, thresholds, erroneous=kind) for kind in (True, False)]
    totals = [sum(one.erroneous is kind for one in windows) for kind in (True, False)]
    found, accepted = counts
    erroneous, correct = (np.full(len(thresholds), float(total)) for total in totals)
    with np.errstate(invalid="ignore"):
        return ThresholdCurve(
            thresholds,
            f1_of(erroneous, found, correct, accepted),
            100 * found / erroneous,
            100 * accepted / correct,
        )


def between(cuts: Floats) -> Floats:
    """A threshold for each stretch that the cut points part the line into, shape (cuts + 1,).

    Halfway between neighbours, so that scores a hair's breadth off change nothing; below the first
    and above the last, half a unit away.
    """
    if not len(cuts):
        return np.array([0.5])
    middles = (cuts[:-1] + cuts[1:]) / 2
    # Neighbours without a number between them: the upper, at which only the lower is below.
    middles = np.where(middles > cuts[:-1], middles, cuts[1:])
    return np.concatenate([[cuts[0] - 0.5], middles, [cuts[-1] + 0.5]])


def score_at(windows: Sequence[Window], threshold: float) -> SubsetScore:
    """The figures at one threshold; traces without scores are counted as unparsable."""
    right = [one.low < threshold <= one.high for one in windows]
    return score_counts(
        erroneous=sum(one.erroneous for one in windows),
        erroneous_found=sum(r and w.erroneous for r, w in zip(right, windows, strict=True)),
        correct=sum(not one.erroneous for one in windows),
        correct_found=sum(r and not w.erroneous for r, w in zip(right, windows, strict=True)),
        unparsable=sum(one.low == np.inf for one in windows),
    )


def best_threshold(windows: Sequence[Window]) -> float | None:
    """The threshold with the highest F1; of several stretches alike the widest, then the lowest.

    None where no threshold has an F1. The first and last stretch, without an end, count as of no
    width: a judge that never or always objects is taken only if nothing is better.
    """
    found = curve(windows)
    if np.isnan(found.f1).all():
        return None
    best = np.flatnonzero(found.f1 >= np.nanmax(found.f1) - 1e-9)
    ends = np.unique([e for w in windows if w.low < w.high for e in (w.low, w.high)])
    ends = ends[np.isfinite(ends)]
    widths = np.zeros(len(found.thresholds))
    widths[1:-1] = np.diff(ends)
    return float(found.thresholds[best[np.argmax(widths[best])]])


def choose(
    windows: Sequence[Window],
    problems: Sequence[str],
    *,
    default: float,
    share: float = DEVELOPMENT_SHARE,
) -> ChosenThreshold:
    """Choose on the development problems, and apply to the traces of all the others."""
    chosen = [in_development(problem, share=share) for problem in problems]
    development = [w for w, inside in zip(windows, chosen, strict=True) if inside]
    held_out = [w for w, inside in zip(windows, chosen, strict=True) if not inside]
    threshold = best_threshold(development)
    used = default if threshold is None else threshold
    return ChosenThreshold(
        threshold,
        score_at(development, used),
        score_at(held_out, used),
        score_at(held_out, default),
    )


def _right(windows: Sequence[Window], thresholds: Floats, *, erroneous: bool) -> Floats:
    """How many traces of the kind are judged right at each threshold, shape (thresholds,)."""
    chosen = [w for w in windows if w.erroneous is erroneous and w.low < w.high]
    lows: npt.NDArray[np.float64] = np.sort([one.low for one in chosen])
    highs: npt.NDArray[np.float64] = np.sort([one.high for one in chosen])
    opened = np.searchsorted(lows, thresholds, side="left")
    closed = np.searchsorted(highs, thresholds, side="left")
    return (opened - closed).astype(np.float64)
