"""Numbers known to lie between two bounds: roots, pi, and what was rounded on the way."""

from dataclasses import dataclass
from fractions import Fraction

Exact = int | Fraction


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers from `low` to `high`, both included."""

    low: Exact
    high: Exact

    def __add__(self, other: "Value") -> "Interval":
        low, high = bounds(other)
        return Interval(self.low + low, self.high + high)

    __radd__ = __add__

    def __neg__(self) -> "Interval":
        return Interval(-self.high, -self.low)

    def __sub__(self, other: "Value") -> "Interval":
        low, high = bounds(other)
        return Interval(self.low - high, self.high - low)

    def __rsub__(self, other: "Value") -> "Interval":
        return -self + other

    def __mul__(self, other: "Value") -> "Interval":
        low, high = bounds(other)
        corners = (self.low * low, self.low * high, self.high * low, self.high * high)
        return Interval(min(corners), max(corners))

    __rmul__ = __mul__


Value = int | Fraction | Interval


def bounds(value: Value) -> tuple[Exact, Exact]:
    """Return the lowest and the highest number that the value may be."""
    if isinstance(value, Interval):
        return value.low, value.high
    return value, value


def middle(value: Value) -> Exact:
    """Return one number to show for the value."""
    if isinstance(value, Interval):
        return Fraction(value.low + value.high) / 2
    return value


def magnitude(value: Value) -> Fraction:
    """Return the value's size without its sign."""
    return Fraction(abs(Fraction(middle(value))))


def reciprocal(value: Value) -> Value:
    """Return one over the value. Raises ZeroDivisionError if it may be zero."""
    low, high = bounds(value)
    if low <= 0 <= high:
        raise ZeroDivisionError("the divisor may be zero")
    if isinstance(value, Interval):
        return Interval(Fraction(1) / high, Fraction(1) / low)
    return Fraction(1) / value


def simplest(value: Value) -> Value:
    """Return a whole fraction as an integer, which is faster to work with."""
    if isinstance(value, Fraction) and value.denominator == 1:
        return value.numerator
    return value


def distance(left: Value, right: Value) -> Exact:
    """Return the least distance between the two; 0 if they may be equal."""
    left_low, left_high = bounds(left)
    right_low, right_high = bounds(right)
    return max(0, left_low - right_high, right_low - left_high)
