"""Cross-fitting: several judges' verdicts combined into one prediction.

A line is fitted from the judges' words to the human labels on all folds but one, and predicts that
one (cross-fitting; Zrnic and Candès, arXiv 2309.16598; Chernozhukov et al. 2018, Econom. J. 21:C1).
So a judge that is usually wrong helps as much as one that is usually right, and no prediction knows
the label that it will be compared with. Folds are by problem: its traces never part.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from metrics.stats.bootstrap import Floats
from metrics.stats.splits import fold_of

# As of so many labels that say nothing: it keeps a line over few labels from running off.
RIDGE = 1.0


def cross_fit(
    judges: Floats, labels: Floats, probabilities: Floats, problems: Sequence[str]
) -> Floats:
    """Return each trace's predicted probability of an error, shape (N,), NaN if not learnt.

    `judges` has shape (N, judges); NaN is no usable answer and replaced by the judge's mean.
    `labels` and `probabilities` are as in `metrics.stats.prevalence`.
    """
    folds = np.array([fold_of(problem) for problem in problems], dtype=np.int64)
    features = _filled(np.asarray(judges, dtype=np.float64))
    labelled = ~np.isnan(labels)
    predictions = np.full(len(labels), np.nan)
    for fold in np.unique(folds):
        inside = folds == fold
        learn = labelled & ~inside
        if learn.any():
            line = _line(features[learn], labels[learn], 1 / probabilities[learn])
            predictions[inside] = np.clip(features[inside] @ line, 0, 1)
    return predictions


def _filled(judges: Floats) -> Floats:
    """Return the features: a constant, and each judge's verdicts with gaps at its mean."""
    usable = ~np.isnan(judges)
    counts = np.maximum(usable.sum(axis=0), 1)
    means = np.where(usable, judges, 0.0).sum(axis=0) / counts
    return np.column_stack([np.ones(len(judges)), np.where(usable, judges, means)])


def _line(features: Floats, labels: Floats, weights: Floats) -> npt.NDArray[np.float64]:
    """Fit a weighted ridge regression with a free constant; shape (1 + judges,)."""
    weights = weights * len(weights) / weights.sum()
    penalty = np.full(features.shape[1], RIDGE)
    penalty[0] = 1e-9
    moments = features.T @ (features * weights[:, None]) + np.diag(penalty)
    return np.asarray(np.linalg.solve(moments, features.T @ (weights * labels)))
