"""Prediction-powered inference of a mean: many model verdicts, put right by a few human labels.

PPI (Angelopoulos, Bates, Fannjiang, Jordan and Zrnic 2023, Science 382:669; arXiv 2301.09633,
section 2) adds to the mean of the predictions f over a large pool the mean of Y - f over the
labelled traces. PPI++ (Angelopoulos, Duchi and Zrnic, arXiv 2311.01453, section 6) does so with
λf in f's place and chooses λ, the power, from 0 (human labels alone) to 1 (PPI), to make the
variance least. Labels chosen with unequal known probabilities count by their inverse (Zrnic and
Candès, arXiv 2403.03208, section 4), divided by the weights' sum (Hájek). Predictions that were
fitted without the trace's own fold make it cross-prediction (Zrnic and Candès, arXiv 2309.16598).

The intervals are normal. They fail where few labelled traces say anything of the judge's mistakes:
errors of 2 % among 200 labelled traces are covered by a nominal 95 % interval about 90 % of the
time. `metrics.stats.prevalence` has the interval that holds there.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from metrics.stats.bootstrap import Floats, Interval
from metrics.stats.wilson import Z


@dataclass(frozen=True, slots=True)
class PoweredMean:
    """A mean, a fraction where the labels are 0 and 1.

    `fixed` is the part of the variance that more labels do not reduce, that of the pool.
    """

    value: float
    interval: Interval
    power: float
    variance: float
    fixed: float


def powered_mean(
    labels: Floats, predictions: Floats, pool: Floats, *, power: float | None = None
) -> PoweredMean | None:
    """Estimate a mean from n labelled traces and a pool of unlabelled ones.

    Both are random draws from the same population.

    `labels` and `predictions` have shape (n,); `pool`, shape (N,), has the predictions on the
    others. Without a `power` the best is estimated. None with fewer than two of either.
    """
    n, others = len(labels), len(pool)
    if n < 2 or others < 2:
        return None
    chosen = _best_power(labels, predictions, pool) if power is None else power
    rest = labels - chosen * predictions
    fixed = chosen**2 * float(pool.var()) / others
    value = chosen * float(pool.mean()) + float(rest.mean())
    return _powered(value, chosen, fixed + float(rest.var()) / n, fixed)


def weighted_mean(
    labels: Floats,
    predictions: Floats,
    probabilities: Floats,
    *,
    problems: npt.ArrayLike | None = None,
    power: float | None = None,
) -> PoweredMean | None:
    """Estimate a mean from a population with labels chosen with known probabilities.

    Arrays have shape (N,): `labels` is NaN where nobody labelled, `predictions` covers all,
    `probabilities` of inclusion are read only where there is a label. With `problems`, traces of
    one problem count as dependent. None with fewer than two labels.
    """
    weights, count = _weights(labels, probabilities)
    if count < 2:
        return None
    size = len(labels)
    known = np.where(np.isnan(labels), 0.0, labels)
    centred = predictions - predictions.mean()
    # What each trace adds to the estimate, but for λ: the label's part, and the prediction's.
    human = size * weights * (known - float(weights @ known))
    spared = centred - size * weights * (predictions - float(weights @ predictions))
    chosen = _least_variance(human, spared) if power is None else power
    value = chosen * float(predictions.mean()) + float(weights @ (known - chosen * predictions))
    variance = _variance(human + chosen * spared, problems)
    return _powered(value, chosen, variance, chosen**2 * float(centred.var()) / size)


def _weights(labels: Floats, probabilities: Floats) -> tuple[Floats, int]:
    """Return the labelled traces' inverse probabilities, summing to 1, and their number.

    Elsewhere the weight is 0.
    """
    labelled = ~np.isnan(labels)
    inverse = np.zeros(len(labels))
    inverse[labelled] = 1 / probabilities[labelled]
    count = int(labelled.sum())
    return (inverse / inverse.sum() if count else inverse), count


def _best_power(labels: Floats, predictions: Floats, pool: Floats) -> float:
    """Return PPI++'s λ, cov(Y, f) / ((1 + n/N) var(f)), clipped to 0..1; 0 for constant f."""
    spread = float(np.concatenate([predictions, pool]).var(ddof=1))
    shared = float(((labels - labels.mean()) * (predictions - predictions.mean())).mean())
    if spread == 0:
        return 0.0
    return float(np.clip(shared / ((1 + len(labels) / len(pool)) * spread), 0, 1))


def _least_variance(human: Floats, spared: Floats) -> float:
    """Return the λ that minimises the squares of human + λ spared, clipped to 0..1."""
    size = float(spared @ spared)
    return float(np.clip(-(human @ spared) / size, 0, 1)) if size > 0 else 0.0


def _variance(parts: Floats, problems: npt.ArrayLike | None) -> float:
    """Return the variance of the parts' mean; parts of one problem count together."""
    if problems is None:
        return float(parts @ parts) / len(parts) ** 2
    _, index = np.unique(np.asarray(problems), return_inverse=True)
    sums = np.bincount(index.reshape(-1), weights=parts)
    correction = len(sums) / (len(sums) - 1) if len(sums) > 1 else 1.0
    return correction * float(sums @ sums) / len(parts) ** 2


def _powered(value: float, power: float, variance: float, fixed: float) -> PoweredMean:
    half = Z * sqrt(variance)
    return PoweredMean(value, Interval(value - half, value + half), power, variance, fixed)
