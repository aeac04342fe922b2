"""Interval arithmetic keeps the true value inside the bounds."""

from fractions import Fraction

import pytest

from inference.backends.arithmetic.intervals import (
    Interval,
    bounds,
    distance,
    magnitude,
    middle,
    reciprocal,
    simplest,
)

WIDE = Interval(-2, 3)


def test_sums_and_products_span_every_combination():
    assert Interval(-1, 4) == WIDE + 1
    assert Interval(-2, 3) == 1 - WIDE
    assert WIDE - Interval(0, 1) == Interval(-3, 3)
    assert WIDE * Interval(-1, 2) == Interval(-4, 6)
    assert Interval(-4, 6) == 2 * WIDE


def test_a_reciprocal_turns_the_bounds_around():
    assert reciprocal(Interval(2, 4)) == Interval(Fraction(1, 4), Fraction(1, 2))
    assert reciprocal(4) == Fraction(1, 4)
    for value in (0, WIDE):
        with pytest.raises(ZeroDivisionError):
            reciprocal(value)


def test_exact_numbers_are_their_own_bounds():
    assert bounds(5) == (5, 5)
    assert bounds(WIDE) == (-2, 3)
    assert middle(WIDE) == Fraction(1, 2)
    assert magnitude(-7) == 7
    assert simplest(Fraction(6, 2)) == 3
    assert isinstance(simplest(Fraction(6, 2)), int)


def test_the_distance_is_zero_where_values_may_be_equal():
    assert distance(WIDE, 3) == 0
    assert distance(WIDE, 5) == 2
    assert distance(1, 4) == 3
