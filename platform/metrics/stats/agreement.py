"""Agreement of raters on where the first error is, and on whether there is one.

Labels are categories: each step one, "no error" one of its own. Where order counts, "no error"
ranks after every step, since it says that an error, if any, comes later than all that was written:
it is next to the last step named by anyone and farthest from the first. Steps that nobody named
take up no room, as Krippendorff's ordinal metric has it.

Every figure is a fraction, at most 1, and None where it is undefined: no trace with two labels, or,
for kappas and alphas, all labels the same, which leaves no disagreement to expect by chance. It is
then not 1. Intervals are percentiles over resampled problems; resamples that leave a figure
undefined are left out, and there is none with fewer than two problems.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from metrics.stats.bootstrap import RESAMPLES, SEED, Estimate, Floats, percentiles, resampled_sums
from metrics.stats.coincidence_matrix import (
    Coincidences,
    Ratings,
    coincidences,
    found_error,
    ordered_pairs,
)
from traces.records import NO_ERROR

# From coincidences and weights of their columns, shape (n, columns), n values, NaN if undefined.
Statistic = Callable[[Coincidences, Floats], Floats]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of all raters, over the traces that at least two of them labelled."""

    traces: int
    exact: Estimate
    within: Estimate
    fleiss: Estimate
    alpha_nominal: Estimate
    alpha_ordinal: Estimate
    found_exact: Estimate
    found_fleiss: Estimate
    found_alpha: Estimate


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Agreement of two raters, over the traces that both labelled."""

    traces: int
    exact: Estimate
    within: Estimate
    cohen: Estimate
    found_exact: Estimate
    found_cohen: Estimate


def agreement(
    ratings: Ratings,
    problems: npt.ArrayLike,
    *,
    steps: int = 1,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> Agreement:
    """Return all figures of ratings of shape (traces, raters).

    `within` allows a difference of `steps`.
    """
    pairs = coincidences(ratings, problems)
    found = coincidences(found_error(ratings), problems)
    where = _estimates(
        pairs, [exact, within(steps), fleiss, alpha_nominal, alpha_ordinal], resamples, seed
    )
    whether = _estimates(found, [exact, fleiss, alpha_nominal], resamples, seed)
    return Agreement(pairs.traces, *where, *whether)


def pair_agreement(
    first: Floats,
    second: Floats,
    problems: npt.ArrayLike,
    *,
    steps: int = 1,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> PairAgreement:
    """Return all figures of two raters' labels, each of shape (traces,), NaN where missing."""
    pairs = ordered_pairs(first, second, problems)
    found = ordered_pairs(found_error(first), found_error(second), problems)
    where = _estimates(pairs, [exact, within(steps), cohen], resamples, seed)
    whether = _estimates(found, [exact, cohen], resamples, seed)
    return PairAgreement(pairs.traces, *where, *whether)


def exact(pairs: Coincidences, sums: Floats) -> Floats:
    """Return the share of pairs of raters with the same label; each trace counts once."""
    return _share(pairs, sums, pairs.first == pairs.second)


def within(steps: int) -> Statistic:
    """Return that share with labels up to `steps` apart counting too.

    "No error" is near no step.
    """

    def near(pairs: Coincidences, sums: Floats) -> Floats:
        if not len(pairs.categories):
            return np.full(len(sums), np.nan)
        a, b = pairs.categories[pairs.first], pairs.categories[pairs.second]
        both_steps = (a != NO_ERROR) & (b != NO_ERROR)
        return _share(pairs, sums, (a == b) | (both_steps & (np.abs(a - b) <= steps)))

    return near


def cohen(pairs: Coincidences, sums: Floats) -> Floats:
    """Return Cohen's kappa (Cohen 1960) of `ordered_pairs`.

    It is (Po - Pe) / (1 - Pe), with Pe from each rater's own margins.
    """
    size = len(pairs.categories)
    observed = exact(pairs, sums)
    rows, columns = _totals(pairs.first, sums, size), _totals(pairs.second, sums, size)
    return _beyond(observed, (_shares(rows) * _shares(columns)).sum(axis=1))


def fleiss(pairs: Coincidences, sums: Floats) -> Floats:
    """Return Fleiss' kappa (Fleiss 1971), with the margins of all raters together.

    Traces may have unequal numbers of raters: each trace with two or more counts once, in the
    agreement and in the margins alike. With equal numbers it is Fleiss's own.
    """
    weighted = sums / (pairs.raters * (pairs.raters - 1))
    margins = _shares(_totals(pairs.first, weighted, len(pairs.categories)))
    return _beyond(exact(pairs, sums), (margins**2).sum(axis=1))


def alpha_nominal(pairs: Coincidences, sums: Floats) -> Floats:
    """Return Krippendorff's alpha with the nominal metric (Krippendorff 2011, section E)."""
    weighted = sums / (pairs.raters - 1)
    totals = _totals(pairs.first, weighted, len(pairs.categories))
    observed = (weighted * (pairs.first != pairs.second)).sum(axis=1)
    n = totals.sum(axis=1)
    return _alpha(observed, n**2 - (totals**2).sum(axis=1), n)


def alpha_ordinal(pairs: Coincidences, sums: Floats) -> Floats:
    """Return Krippendorff's alpha with the ordinal metric: labels between two, squared.

    That metric is the squared difference of mid-ranks, and so needs no matrix of distances.
    """
    weighted = sums / (pairs.raters - 1)
    totals = _totals(pairs.first, weighted, len(pairs.categories))
    ranks = np.cumsum(totals, axis=1) - totals / 2
    apart = (ranks[:, pairs.first] - ranks[:, pairs.second]) ** 2
    n = totals.sum(axis=1)
    spread = 2 * (n * (totals * ranks**2).sum(axis=1) - (totals * ranks).sum(axis=1) ** 2)
    # All labels alike: exactly nothing to expect, which rounding must not turn into a little.
    spread = np.where((totals > 0).sum(axis=1) > 1, spread, 0.0)
    return _alpha((weighted * apart).sum(axis=1), spread, n)


def value_of(statistic: Statistic, pairs: Coincidences) -> float | None:
    """Return one figure without its interval."""
    value = float(statistic(pairs, pairs.sums)[0])
    return None if np.isnan(value) else value


def _estimates(
    pairs: Coincidences, statistics: list[Statistic], resamples: int, seed: int
) -> list[Estimate]:
    values = [value_of(statistic, pairs) for statistic in statistics]
    if len(pairs.counts) < 2:
        return [Estimate(value, None) for value in values]
    sums = resampled_sums(pairs.counts, np.random.default_rng(seed), resamples)
    return [
        Estimate(value, None if value is None else percentiles(statistic(pairs, sums)))
        for value, statistic in zip(values, statistics, strict=True)
    ]


def _share(pairs: Coincidences, sums: Floats, chosen: npt.NDArray[np.bool_]) -> Floats:
    weighted = sums / (pairs.raters * (pairs.raters - 1))
    return _divided((weighted * chosen).sum(axis=1), weighted.sum(axis=1))


def _totals(index: npt.NDArray[np.int64], weighted: Floats, size: int) -> Floats:
    """Return the columns summed by label, shape (n, K)."""
    totals = np.zeros((size, len(weighted)))
    np.add.at(totals, index, weighted.T)
    return totals.T


def _shares(totals: Floats) -> Floats:
    return _divided(totals, totals.sum(axis=1, keepdims=True))


def _beyond(observed: Floats, expected: Floats) -> Floats:
    """Return agreement beyond chance, undefined where chance alone makes all agree."""
    room = 1 - expected
    return _divided(observed - expected, np.where(room > 1e-12, room, np.nan))


def _alpha(observed: Floats, expected: Floats, n: Floats) -> Floats:
    """Return 1 - Do / De, both times n; De's denominator is n - 1."""
    return 1 - _divided(observed * (n - 1), np.where(expected > 0, expected, np.nan))


def _divided(top: Floats, bottom: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(bottom == 0, np.nan, top / bottom), dtype=np.float64)
