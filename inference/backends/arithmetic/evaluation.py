"""The exact value of an expression, in the usual reading or in another that may be meant.

Irrational roots and pi are intervals some 40 digits narrow. Whatever would grow past `MAX_BITS` is
refused, so that 9**9**9 costs nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import comb, factorial, isqrt
from typing import Any

from inference.backends.arithmetic.intervals import (
    Exact,
    Interval,
    Value,
    bounds,
    reciprocal,
    simplest,
)
from inference.backends.arithmetic.nodes import (
    Choose,
    Factor,
    Factorial,
    Group,
    Mixed,
    Negative,
    Node,
    Number,
    Percent,
    Pi,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
)

MAX_BITS = 4096
MAX_FACTORIAL = 200
MAX_ROOT_DEGREE = 12
PRECISION = 10**40
PI = Interval(
    Fraction(31415926535897932384626433832795028841971, PRECISION),
    Fraction(31415926535897932384626433832795028841972, PRECISION),
)
ROUGH_PI = Interval(Fraction(314, 100), Fraction(22, 7))


class NoValue(ArithmeticError):
    """The expression has no value here: too large, undefined, or not a real number."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """How to take what notation leaves open; the default is the textbook's way.

    `tight`: what is multiplied by mere nearness comes before a division, 6/2(3) = 1.
    `bar`: a slash puts everything after it below, 6/2*3 = 1.
    `straight`: from left to right, 2+3*4 = 20.
    `minus_inside`: -3^2 = 9.
    `percent`: 20% is 0.2 ("hundredth"), 20 ("plain"), or of the rest of the sum ("relative").
    `mixed_product`: 2\\frac{1}{2} = 1.
    `mark_ends_sentence`: a last exclamation mark is no factorial.
    `rounded`: every decimal may have been rounded or cut in its last digit.
    """

    tight: bool = False
    bar: bool = False
    straight: bool = False
    minus_inside: bool = False
    percent: str = "hundredth"
    mixed_product: bool = False
    mark_ends_sentence: bool = False
    rounded: bool = False


TEXTBOOK = Interpretation()


def evaluate(node: Node, sense: Interpretation = TEXTBOOK) -> Value:
    """Return the value of an expression. Raises NoValue if it has none."""
    try:
        return _evaluate(node, sense)
    except ZeroDivisionError as error:
        raise NoValue("a division by zero") from error


def _evaluate(node: Node, sense: Interpretation) -> Value:
    return RULES[type(node)](node, sense)


def _number(node: Number, sense: Interpretation) -> Value:
    if node.decimals and (sense.rounded or node.open_ended):
        unit = Fraction(1, 10**node.decimals)
        return Interval(node.value - unit, node.value + unit)
    return node.value


def _pi(node: Pi, sense: Interpretation) -> Value:
    return ROUGH_PI if sense.rounded else PI


def _group(node: Group, sense: Interpretation) -> Value:
    return _evaluate(node.inner, sense)


def _negative(node: Negative, sense: Interpretation) -> Value:
    if sense.minus_inside and isinstance(node.inner, Power):
        return _power(Power(Negative(node.inner.base), node.inner.exponent), sense)
    return -_evaluate(node.inner, sense)


def _percent(node: Percent, sense: Interpretation) -> Value:
    value = _evaluate(node.inner, sense)
    return value if sense.percent == "plain" else simplest(value * Fraction(1, 100))


def _factorial(node: Factorial, sense: Interpretation) -> Value:
    value = _evaluate(node.inner, sense)
    if sense.mark_ends_sentence:
        return value
    if not isinstance(value, int) or not 0 <= value <= MAX_FACTORIAL:
        raise NoValue("a factorial of this is not worked out")
    return factorial(value)


def _choose(node: Choose, sense: Interpretation) -> Value:
    n, k = _evaluate(node.n, sense), _evaluate(node.k, sense)
    if not isinstance(n, int) or not isinstance(k, int) or not 0 <= n <= 1000 or k < 0:
        raise NoValue("a binomial coefficient of these is not worked out")
    return comb(n, k)


def _power(node: Power, sense: Interpretation) -> Value:
    base, exponent = _evaluate(node.base, sense), _evaluate(node.exponent, sense)
    if isinstance(exponent, Fraction):
        return _power_of(root_of(base, exponent.denominator), exponent.numerator)
    if not isinstance(exponent, int):
        raise NoValue("the exponent is not a whole number")
    return _power_of(base, exponent)


def _power_of(base: Value, exponent: int) -> Value:
    if exponent < 0:
        return _power_of(reciprocal(base), -exponent)
    if exponent == 0 and base == 0:
        raise NoValue("zero to the power of zero")
    if max(1, bits_of(base)) * exponent > MAX_BITS:
        raise NoValue("the power is too large")
    if isinstance(base, Interval):
        low, high = base.low**exponent, base.high**exponent
        if exponent % 2 == 0 and base.low < 0:
            return Interval(0 if base.high > 0 else high, max(low, high))
        return Interval(low, high)
    return simplest(base**exponent)


def _root(node: Root, sense: Interpretation) -> Value:
    return root_of(_evaluate(node.inner, sense), node.degree)


def root_of(value: Value, degree: int) -> Value:
    """Return the root, exact if it is rational."""
    low, high = bounds(value)
    if low < 0 or not 2 <= degree <= MAX_ROOT_DEGREE or bits_of(value) > MAX_BITS // 4:
        raise NoValue("this root is not worked out")
    if isinstance(value, Interval):
        return Interval(_root_bounds(low, degree).low, _root_bounds(high, degree).high)
    number = Fraction(value)
    top = integer_root(number.numerator, degree)
    bottom = integer_root(number.denominator, degree)
    if top**degree == number.numerator and bottom**degree == number.denominator:
        return simplest(Fraction(top, bottom))
    return _root_bounds(value, degree)


def _root_bounds(value: Exact, degree: int) -> Interval:
    number = Fraction(value)
    scaled = integer_root(number.numerator * PRECISION**degree // number.denominator, degree)
    return Interval(Fraction(scaled, PRECISION), Fraction(scaled + 1, PRECISION))


def integer_root(number: int, degree: int) -> int:
    """Return the largest whole number whose power is not above `number`, by Newton's method."""
    if degree == 2:
        return isqrt(number)
    if number < 2:
        return number
    guess = 1 << -(-number.bit_length() // degree)
    while True:
        better = ((degree - 1) * guess + number // guess ** (degree - 1)) // degree
        if better >= guess:
            return guess
        guess = better


def _quotient(node: Quotient, sense: Interpretation) -> Value:
    top, bottom = _evaluate(node.top, sense), _evaluate(node.bottom, sense)
    return bounded(simplest(top * reciprocal(bottom)))


def _mixed(node: Mixed, sense: Interpretation) -> Value:
    whole, part = _evaluate(node.whole, sense), _evaluate(node.part, sense)
    return whole * part if sense.mixed_product else whole + part


def _product(node: Product, sense: Interpretation) -> Value:
    factors = _joined(node.factors) if sense.tight else node.factors
    return _multiplied(1, factors, sense)


def _multiplied(start: Value, factors: tuple[Factor, ...], sense: Interpretation) -> Value:
    value, below = start, False
    for factor in factors:
        operand = _evaluate(factor.node, sense)
        divides = factor.sign in ("/", "div")
        if sense.bar:
            below = below or factor.sign == "/"
            divides = divides or below
        value = bounded(simplest(value * (reciprocal(operand) if divides else operand)))
    return value


def _joined(factors: tuple[Factor, ...]) -> tuple[Factor, ...]:
    """Return the factors, with runs of factors without a sign between them made one."""
    runs: list[list[Factor]] = []
    for factor in factors:
        if factor.sign == "":
            runs[-1].append(Factor("*", factor.node))
        else:
            runs.append([factor])
    return tuple(
        Factor(run[0].sign, Product((Factor("*", run[0].node), *run[1:])))
        if len(run) > 1
        else run[0]
        for run in runs
    )


def _sum(node: Sum, sense: Interpretation) -> Value:
    value: Value = 0
    for term in node.terms:
        inner = term.node
        if sense.straight and isinstance(inner, Product):
            first = _evaluate(inner.factors[0].node, sense)
            value = _multiplied(_added(value, term.sign, first), inner.factors[1:], sense)
        elif sense.percent == "relative" and isinstance(inner, Percent):
            share = simplest(value * _evaluate(inner, sense))
            value = _added(value, term.sign, share)
        else:
            value = _added(value, term.sign, _evaluate(inner, sense))
    return value


def _added(value: Value, sign: str, other: Value) -> Value:
    return bounded(simplest(value - other if sign == "-" else value + other))


def bits_of(value: Value) -> int:
    """Return the length in bits of the longest integer in a value."""
    if isinstance(value, int):
        return value.bit_length()
    if isinstance(value, Interval):
        return max(bits_of(value.low), bits_of(value.high))
    return max(value.numerator.bit_length(), value.denominator.bit_length())


def bounded(value: Value) -> Value:
    """Return the value. Raises NoValue if it is too large to continue with."""
    if bits_of(value) > MAX_BITS:
        raise NoValue("the numbers are too large")
    return value


RULES: dict[type, Callable[[Any, Interpretation], Value]] = {
    Number: _number,
    Pi: _pi,
    Group: _group,
    Negative: _negative,
    Percent: _percent,
    Factorial: _factorial,
    Choose: _choose,
    Power: _power,
    Root: _root,
    Quotient: _quotient,
    Mixed: _mixed,
    Product: _product,
    Sum: _sum,
}
