"""Survival: how long a generator's traces stay right, as a Kaplan-Meier curve over steps.

Time is steps written. A trace whose first error is step k (0-based) fails at time k + 1; one
without an error is right as long as it lasts, and leaves at its number of steps: it is censored
there, since nobody knows whether a further step would have been right. Traces without a usable
verdict are left out by the caller.

The curve is Kaplan and Meier's (1958), its variance Greenwood's (1926), its 95 % interval on the
scale of log(-log S) (Kalbfleisch and Prentice 1980), which stays within 0 and 1. All three take
traces for independent; many traces of few problems make the interval too narrow.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2

from metrics.stats.bootstrap import Counts, Floats
from metrics.stats.wilson import Z


@dataclass(frozen=True, slots=True)
class SurvivalPoint:
    """After `step` steps: `at_risk` traces were right and not ended, `errors` of them erred.

    `right` is the share still right, a fraction. `low` and `high` are None while nothing has
    failed, and once nothing is left: there is no variance then.
    """

    step: int
    at_risk: int
    errors: int
    ended: int
    right: float
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class LogRank:
    """Mantel's log-rank test (1966); `statistic` is chi-squared with 1 degree of freedom."""

    statistic: float
    p: float


def survival(errors: Counts, ended: Counts) -> list[SurvivalPoint]:
    """Return a point a step, from the first to the last that occurs; none without traces.

    `errors[k]` traces have their first error in step k (0-based); `ended[k]` have k steps and no
    error, so `ended[0]` is always 0. Where a trace errs in the step in which others end, those
    still count as at risk in it.
    """
    failed, censored = _aligned(errors, ended)
    traces = int(failed.sum() + censored.sum())
    if not traces:
        return []
    at_risk = traces - np.concatenate([[0], np.cumsum(failed + censored)[:-1]])
    last = int(np.flatnonzero(failed + censored).max()) + 1
    failed, censored, at_risk = failed[:last], censored[:last], at_risk[:last]
    right = np.cumprod(1 - failed / at_risk)
    left = at_risk - failed
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(np.where(left > 0, failed / (at_risk * left), np.inf))
        half = Z * np.sqrt(greenwood) / np.abs(np.log(right))
        low, high = right ** np.exp(half), right ** np.exp(-half)
    inside = (right > 0) & (right < 1)
    return [
        SurvivalPoint(
            step=k + 1,
            at_risk=int(at_risk[k]),
            errors=int(failed[k]),
            ended=int(censored[k]),
            right=float(right[k]),
            low=float(low[k]) if inside[k] else None,
            high=float(high[k]) if inside[k] else None,
        )
        for k in range(last)
    ]


def log_rank(
    first_errors: Counts, first_ended: Counts, second_errors: Counts, second_ended: Counts
) -> LogRank | None:
    """Test whether two generators' curves differ; arguments as in `survival`.

    None where nothing could tell: no errors, or traces of both at risk at no error.
    """
    length = max(map(len, (first_errors, first_ended, second_errors, second_ended)), default=0)
    a, a_left = _aligned(first_errors, first_ended, length)
    b, b_left = _aligned(second_errors, second_ended, length)
    at_risk_a = _at_risk(a, a_left)
    at_risk_b = _at_risk(b, b_left)
    n, d = at_risk_a + at_risk_b, a + b
    safe = np.maximum(n, 1)
    expected = d * at_risk_a / safe
    spread = expected * (at_risk_b / safe) * (n - d) / np.maximum(n - 1, 1)
    variance = float(spread.sum())
    if variance <= 0:
        return None
    statistic = float((a - expected).sum()) ** 2 / variance
    return LogRank(statistic, float(chi2.sf(statistic, 1)))


def _aligned(errors: Counts, ended: Counts, length: int = 0) -> tuple[Floats, Floats]:
    """Return failures and censorings at times 1, 2, ...: an error in step k is at k + 1."""
    size = max(len(errors), len(ended) - 1, length)
    failed, censored = np.zeros(size), np.zeros(size)
    failed[: len(errors)] = errors
    censored[: max(len(ended) - 1, 0)] = ended[1:]
    return failed, censored


def _at_risk(failed: Floats, censored: Floats) -> Floats:
    gone = failed + censored
    return np.asarray(gone.sum() - np.cumsum(gone) + gone)
