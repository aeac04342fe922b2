"""Two sides pass for equal by value, by rounding, or by another reading."""

from fractions import Fraction

import pytest

from inference.backends.arithmetic.equality import (
    gap_ratio,
    literal_of,
    may_be_equal,
    numbers_in,
)
from inference.backends.arithmetic.evaluation import NoValue
from inference.backends.arithmetic.lexer import tokens_of
from inference.backends.arithmetic.parser import parse


def node(text: str):
    return parse(tokens_of(text, 0, len(text)), 0).node


@pytest.mark.parametrize(
    ("left", "right", "approximate"),
    [
        ("2 + 2", "4", False),
        ("10/3", "3.33", False),
        ("2/3", "0.67", False),
        ("0.1 + 0.2", "0.30000000000000004", False),
        ("6/2(3)", "1", False),
        ("199", "200", True),
    ],
)
def test_equal_sides(left: str, right: str, approximate: bool):
    assert may_be_equal(node(left), node(right), approximate, has_percent=False)


@pytest.mark.parametrize(("left", "right"), [("2 + 2", "5"), ("10/3", "3.5"), ("7 * 8", "54")])
def test_unequal_sides(left: str, right: str):
    assert not may_be_equal(node(left), node(right), approximate=False, has_percent=False)


def test_percent_signs_have_other_readings():
    assert may_be_equal(node("50 + 20%"), node("60"), approximate=False, has_percent=True)


def test_a_side_without_a_value_is_an_error():
    with pytest.raises(NoValue):
        may_be_equal(node("1/0"), node("1"), approximate=False, has_percent=False)


def test_literals_and_numbers():
    assert literal_of(node("-(5)")).value == 5  # type: ignore[union-attr]
    assert literal_of(node("2 + 3")) is None
    assert [number.value for number in numbers_in(node("1 + 2 * (3 - 4)"))] == [1, 2, 3, 4]


def test_the_ratio_of_the_sides():
    assert gap_ratio(node("6"), node("4")) == Fraction(3, 2)
    assert gap_ratio(node("6"), node("0")) is None
    assert gap_ratio(node(r"\sqrt{2}"), node("1")) is None
