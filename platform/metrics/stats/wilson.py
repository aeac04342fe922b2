"""Wilson score interval of a rate (Wilson 1927), valid for small counts and near 0 and 1."""

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054  # 95 % two-sided


@dataclass(frozen=True, slots=True)
class Rate:
    """`count` of `of`, with its 95 % interval; fractions, None where `of` is 0."""

    count: int
    of: int
    value: float | None
    low: float | None
    high: float | None


def wilson_rate(count: int, of: int) -> Rate:
    if not of:
        return Rate(count, of, None, None, None)
    share = count / of
    return Rate(count, of, share, *wilson_bounds(share, of))


def wilson_bounds(share: float, of: float) -> tuple[float, float]:
    """Return the interval of a share of `of` independent cases, not only whole numbers."""
    denominator = 1 + Z**2 / of
    centre = (share + Z**2 / (2 * of)) / denominator
    half = Z * sqrt(share * (1 - share) / of + Z**2 / (4 * of**2)) / denominator
    # At 0 and at all the bound is exact, and rounding must not push it past.
    return 0.0 if share == 0 else centre - half, 1.0 if share == 1 else centre + half
