"""Whether two sides of a claim may pass for equal, by exact value, rounding or another reading."""

from dataclasses import replace
from fractions import Fraction

from inference.backends.arithmetic.evaluation import TEXTBOOK, Interpretation, NoValue, evaluate
from inference.backends.arithmetic.intervals import (
    Exact,
    Interval,
    Value,
    bounds,
    distance,
    magnitude,
)
from inference.backends.arithmetic.nodes import Group, Negative, Node, Number, Percent

OTHER_SENSES = (
    Interpretation(tight=True),
    Interpretation(bar=True),
    Interpretation(tight=True, bar=True),
    Interpretation(straight=True),
    Interpretation(minus_inside=True),
    Interpretation(mixed_product=True),
    Interpretation(mark_ends_sentence=True),
)
PERCENTS = ("plain", "relative")
RECURRING = tuple(
    Fraction(top, bottom)
    for bottom in (3, 6, 7, 9, 11, 12)
    for top in range(1, bottom)
    if Fraction(top, bottom).denominator not in (2, 4)
)


def literal_of(node: Node) -> Number | None:
    """Return the number that a side states, if it is nothing more than that."""
    while isinstance(node, Group | Negative | Percent):
        node = node.inner
    return node if isinstance(node, Number) else None


def may_be_equal(left: Node, right: Node, approximate: bool, has_percent: bool) -> bool:
    """Return whether some sensible reading makes the sides equal, up to stated rounding.

    Raises NoValue if the usual reading has no value.
    """
    if _near(left, right, TEXTBOOK, approximate):
        return True
    senses = list(OTHER_SENSES)
    if has_percent:
        senses += [Interpretation(percent=percent) for percent in PERCENTS]
    if _may_be_rounded(left, right, approximate):
        senses += [replace(sense, rounded=True) for sense in (TEXTBOOK, *senses)]
    return any(_near_if_any(left, right, sense, approximate) for sense in senses)


def _near_if_any(left: Node, right: Node, sense: Interpretation, approximate: bool) -> bool:
    try:
        return _near(left, right, sense, approximate)
    except NoValue:
        return False


def _near(left: Node, right: Node, sense: Interpretation, approximate: bool) -> bool:
    left_value, right_value = _value(left, sense), _value(right, sense)
    gap = distance(left_value, right_value)
    if gap == 0 or _is_float_noise(left, gap) or _is_float_noise(right, gap):
        return True
    return any(
        gap < margin
        for margin in (
            _margin(left, right_value, sense, approximate),
            _margin(right, left_value, sense, approximate),
        )
    )


def _is_float_noise(stated: Node, gap: Exact) -> bool:
    """Return whether a side looks printed by a program and differs only in its last digits.

    Example: 0.30000000000000004.
    """
    literal = literal_of(stated)
    return literal is not None and literal.decimals >= 10 and gap < Fraction(1, 10**9)


def _value(node: Node, sense: Interpretation) -> Value:
    """Return a side's value; a stated number has its own margin and isn't widened twice."""
    if sense.rounded and literal_of(node) is not None:
        sense = replace(sense, rounded=False)
    return evaluate(node, sense)


def _margin(stated: Node, other: Value, sense: Interpretation, approximate: bool) -> Exact:
    """Return how far the exact value may be from a stated one: less than a unit of its last digit.

    That covers rounding up, down and to the nearest. A value with no more digits than were stated
    needs no rounding, so it gets no margin.
    """
    literal = literal_of(stated)
    if literal is None:
        return magnitude(other) / 100 if approximate else 0
    unit = Fraction(1, 10**literal.decimals)
    if _is_percent(stated) and sense.percent == "hundredth":
        unit /= 100
    if not approximate:
        return unit if _has_more_digits(other, unit) else 0
    whole = literal.value
    if not literal.decimals and isinstance(whole, int) and whole:
        while whole % 10 == 0:
            whole, unit = whole // 10, unit * 10
    return max(min(unit, magnitude(other) / 10), Fraction(1, 10**literal.decimals))


def _has_more_digits(value: Value, unit: Fraction) -> bool:
    if isinstance(value, Interval):
        return True
    return (Fraction(value) / unit).denominator != 1


def _is_percent(node: Node) -> bool:
    while isinstance(node, Group | Negative):
        node = node.inner
    return isinstance(node, Percent)


def _may_be_rounded(left: Node, right: Node, approximate: bool) -> bool:
    """Return whether decimals in a calculation may be rounded ones.

    Rounding never adds digits. A result stated with more digits than the exact one was not made by
    rounding, unless an operand looks like a truncated fraction.
    """
    if approximate:
        return True
    pairs = ((left, right), (right, left))
    for stated, computed in pairs:
        literal = literal_of(stated)
        if literal is None:
            continue
        if any(_looks_cut(number) for number in numbers_in(computed)):
            return True
        unit = Fraction(1, 10 ** _significant_decimals(literal))
        return _has_more_digits(evaluate(computed), unit)
    return True


def _significant_decimals(literal: Number) -> int:
    decimals, value = literal.decimals, Fraction(literal.value)
    while decimals and (value * 10 ** (decimals - 1)).denominator == 1:
        decimals -= 1
    return decimals


def _looks_cut(number: Number) -> bool:
    """Return whether a decimal looks truncated: 0.67, 3.14, 1.414."""
    if number.decimals >= 3:
        return True
    if number.decimals < 2:
        return False
    rest = Fraction(number.value) % 1
    unit = Fraction(1, 10**number.decimals)
    if number.value in (Fraction(314, 100), Fraction(141, 100), Fraction(173, 100)):
        return True
    return any(abs(rest - share) < unit for share in RECURRING)


def numbers_in(node: Node) -> list[Number]:
    """Return every literal of an expression, in the order written."""
    found: list[Number] = []
    pending: list[object] = [node]
    while pending:
        item = pending.pop()
        if isinstance(item, Number):
            found.append(item)
        elif isinstance(item, tuple):
            pending.extend(reversed(item))
        elif not isinstance(item, str | int):
            pending.extend(reversed([getattr(item, name) for name in _fields(item)]))
    return found


def _fields(item: object) -> tuple[str, ...]:
    return tuple(getattr(type(item), "__slots__", ()))


def gap_ratio(left: Node, right: Node) -> Exact | None:
    """Return the left side over the right one if both are exact and not zero."""
    left_value, right_value = evaluate(left), evaluate(right)
    low, _ = bounds(right_value)
    if isinstance(left_value, Interval) or isinstance(right_value, Interval) or low == 0:
        return None
    return Fraction(left_value) / Fraction(right_value)
