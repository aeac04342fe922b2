"""Prevalence: the true error rate of many traces when people have labelled only a few.

The target is the rate in the population that the traces are drawn from. Arrays have one entry a
trace, shape (N,): `labels` 1 for an error, 0 for none, NaN where nobody looked; `predictions` a
model's word on it, 1 or 0 or a probability of an error, NaN where it gave no usable answer;
`probabilities` of a trace's having been chosen for labelling, read only where there is a label.
Rates are fractions.

Labels whose probability nobody knows don't belong here: leave them out.

`classical` needs no model; `stratified` lets the model say which traces are alike, and the people
say how often each kind is wrong. It is the form to show first: its interval, put together from
Wilson's (Newcombe 1998, Stat. Med. 17:873; Zou and Donner 2008, Stat. Med. 27:1693), holds with few
labels, rare errors, unequal probabilities and bad judges, where normal intervals don't.

With `problems`, traces of one problem count as dependent: the number of labels is divided
by the design effect (Kish 1965), the variance by problem over that by trace, if it is above 1.
"""

from dataclasses import dataclass, replace
from math import ceil, sqrt

import numpy as np
import numpy.typing as npt

from metrics.stats.bootstrap import Floats, Interval
from metrics.stats.ppi import PoweredMean, weighted_mean
from metrics.stats.wilson import Z, wilson_bounds

# Fewer labels than this say too little of a stratum of its own.
FEW = 5
TARGET = 0.02
# Normal intervals need labels worth so many errors, and so many right traces.
NORMAL_NEEDS = 20


@dataclass(frozen=True, slots=True)
class RateEstimate:
    """An error rate with its 95 % interval.

    `fixed` is what would remain of the half-width with any number of labels on as many traces.
    """

    value: float
    interval: Interval
    labels: int
    fixed: float = 0.0

    @property
    def half_width(self) -> float:
        return (self.interval.high - self.interval.low) / 2


def classical(
    labels: Floats, probabilities: Floats, *, problems: npt.ArrayLike | None = None
) -> RateEstimate | None:
    """Estimate from the human labels alone: Hájek (1971), Σ Y/π over Σ 1/π.

    The interval is made as that of `stratified`, in strata of like probabilities: a few labels of
    great weight are less certain than they look among many of little. With equal probabilities it
    is Wilson's. None without a label.
    """
    labelled = ~np.isnan(labels)
    if not labelled.any():
        return None
    weights = 1 / probabilities[labelled]
    strata = merged_strata(strata_of(weights), np.ones(len(weights), dtype=bool))
    names = None if problems is None else np.asarray(problems)[labelled]
    found = _in_strata(labels[labelled], strata, weights, weights / weights.sum(), names)
    return replace(found, fixed=0.0)


def stratified(
    labels: Floats,
    predictions: Floats,
    probabilities: Floats,
    *,
    problems: npt.ArrayLike | None = None,
    parts: int = 5,
) -> RateEstimate | None:
    """Estimate Σ W p over strata of like predictions.

    W is a stratum's share of all traces, p Hájek's rate within it.

    Strata are the distinct predictions, or `parts` of equal size where there are more (stratified
    PPI, Fisch et al., arXiv 2406.04291, with the predictions constant in a stratum, where every
    power gives the same); one with fewer than five labels joins others. None without a label.
    """
    labelled = ~np.isnan(labels)
    if not labelled.any():
        return None
    strata = merged_strata(strata_of(predictions, parts), labelled)
    weights = np.zeros(len(labels))
    weights[labelled] = 1 / probabilities[labelled]
    return _in_strata(labels, strata, weights, np.full(len(labels), 1 / len(labels)), problems)


def strata_of(values: Floats, parts: int = 5) -> npt.NDArray[np.int64]:
    """Return a number for each trace: that of its value or its quantile, -1 for NaN."""
    usable = ~np.isnan(values)
    distinct = np.unique(values[usable])
    strata = np.full(len(values), -1)
    if len(distinct) > parts:
        edges = np.quantile(values[usable], np.arange(1, parts) / parts)
        strata[usable] = np.searchsorted(np.unique(edges), values[usable], side="left")
    else:
        strata[usable] = np.searchsorted(distinct, values[usable])
    return strata


def merged_strata(
    strata: npt.NDArray[np.int64], labelled: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """Merge strata with fewer than five labels, into the most labelled one if still few."""
    names, index = np.unique(strata, return_inverse=True)
    index = index.reshape(-1)
    counts = np.bincount(index, weights=labelled, minlength=len(names)).astype(np.int64)
    few = counts < FEW
    if not few.any():
        return index
    most = int(np.argmax(counts))
    home = int(np.argmax(few)) if counts[few].sum() >= FEW else most
    return np.where(few[index], home, index)


def powered(
    labels: Floats,
    predictions: Floats,
    probabilities: Floats,
    *,
    problems: npt.ArrayLike | None = None,
    power: float | None = None,
) -> RateEstimate | None:
    """Return `metrics.stats.ppi.weighted_mean` as a rate, clipped to 0..1.

    A trace without a usable answer gets the mean of the other predictions, which biases nothing.
    None with fewer than two labels, or without any usable answer.
    """
    usable = ~np.isnan(predictions)
    if not usable.any():
        return None
    filled = np.where(usable, predictions, predictions[usable].mean())
    found = weighted_mean(labels, filled, probabilities, problems=problems, power=power)
    return None if found is None else _as_rate(found, int((~np.isnan(labels)).sum()))


def normal_holds(labels: Floats, probabilities: Floats) -> bool:
    """Return whether there are enough labels for the interval of `powered`.

    Where there are not, show `stratified` alone.

    Labels of unequal weight are worth (Σ w)² / Σ w² equal ones (Kish 1965).
    """
    labelled = ~np.isnan(labels)
    if not labelled.any():
        return False
    weights = 1 / probabilities[labelled]
    worth = float(weights.sum() ** 2 / (weights @ weights))
    errors = worth * float(weights @ labels[labelled] / weights.sum())
    return min(errors, worth - errors) >= NORMAL_NEEDS


def effective_gain(alone: RateEstimate, joined: RateEstimate) -> float | None:
    """Return how many times the labels the model is worth.

    The squared ratio of the intervals' widths: below 1 the model does harm. None for no width.
    """
    if not joined.half_width or not alone.half_width:
        return None
    return (alone.half_width / joined.half_width) ** 2


def labels_needed(estimate: RateEstimate, *, half_width: float = TARGET) -> int | None:
    """Return how many more labels, chosen alike, narrow the interval to ± that.

    The half-width shrinks with the root of the labels but for its fixed part. None where labels
    alone never get there: more traces are needed too.
    """
    if estimate.half_width <= half_width:
        return 0
    room = half_width**2 - estimate.fixed**2
    if room <= 0:
        return None
    shrinks = max(estimate.half_width**2 - estimate.fixed**2, 0.0)
    return max(ceil(estimate.labels * (shrinks / room - 1)), 0)


@dataclass(frozen=True, slots=True)
class _Stratum:
    share: float  # of the whole
    value: float  # the rate
    independent: float  # so many labels of equal weight would be as sure


def _in_strata(
    labels: Floats,
    strata: npt.NDArray[np.int64],
    weights: Floats,
    whole: Floats,
    problems: npt.ArrayLike | None,
) -> RateEstimate:
    """Return the strata; `weights` is 0 without a label, `whole` sums to 1 and gives the shares."""
    found: list[_Stratum] = []
    rates, errors = np.empty(len(labels)), np.zeros(len(labels))
    for number in np.unique(strata):
        inside = strata == number
        seen = inside & (weights > 0)
        own = weights[seen] / weights[seen].sum()
        stratum = _stratum(labels[seen], own, float(whole[inside].sum()))
        found.append(stratum)
        rates[inside] = stratum.value
        errors[seen] = stratum.share * own * (labels[seen] - stratum.value)
    value = sum(stratum.share * stratum.value for stratum in found)
    between = whole * (rates - value)
    effect = 1.0
    if problems is not None:
        effect = _design_effect(between + errors, weights > 0, np.asarray(problems))
    fixed = Z**2 * effect * float(between @ between)
    return _combined(value, found, effect, fixed, int((weights > 0).sum()))


def _stratum(labels: Floats, weights: Floats, share: float) -> _Stratum:
    """Return a stratum's rate from its labels and their weights, which sum to 1."""
    value = float(weights @ labels)
    if (labels == labels[0]).all():
        return _Stratum(share, float(labels[0]), 1 / float(weights @ weights))
    parts = weights * (labels - value)
    return _Stratum(share, value, value * (1 - value) / float(parts @ parts))


def _design_effect(
    parts: Floats, labelled: npt.NDArray[np.bool_], problems: npt.NDArray[np.generic]
) -> float:
    """Return the variance by problem over that by trace, at least 1.

    Labels that are all alike do not tell; each problem then counts as one label.
    """
    alone = float(parts @ parts)
    if alone == 0:
        return float(labelled.sum()) / len(np.unique(problems[labelled]))
    names, index = np.unique(problems, return_inverse=True)
    sums = np.bincount(index.reshape(-1), weights=parts)
    correction = len(names) / (len(names) - 1) if len(names) > 1 else 1.0
    return max(correction * float(sums @ sums) / alone, 1.0)


def _combined(
    value: float, strata: list[_Stratum], effect: float, fixed: float, labels: int
) -> RateEstimate:
    """Return a weighted sum's bounds from its parts'; the shares are estimates too."""
    below = above = fixed
    for stratum in strata:
        low, high = wilson_bounds(stratum.value, stratum.independent / effect)
        below += (stratum.share * (stratum.value - low)) ** 2
        above += (stratum.share * (high - stratum.value)) ** 2
    interval = Interval(max(value - sqrt(below), 0.0), min(value + sqrt(above), 1.0))
    return RateEstimate(value, interval, labels, sqrt(fixed))


def _as_rate(found: PoweredMean, labels: int) -> RateEstimate:
    low, high = np.clip([found.interval.low, found.interval.high], 0, 1)
    return RateEstimate(
        float(np.clip(found.value, 0, 1)),
        Interval(float(low), float(high)),
        labels,
        Z * sqrt(found.fixed),
    )
