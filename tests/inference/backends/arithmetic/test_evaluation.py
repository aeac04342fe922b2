"""Values of expressions: exact, by several interpretations, or none."""

from fractions import Fraction

import pytest

from inference.backends.arithmetic.evaluation import (
    Interpretation,
    NoValue,
    bits_of,
    evaluate,
    integer_root,
    root_of,
)
from inference.backends.arithmetic.intervals import Interval
from inference.backends.arithmetic.lexer import tokens_of
from inference.backends.arithmetic.parser import parse


def value(text: str, **how: object):
    node = parse(tokens_of(text, 0, len(text)), 0).node
    return evaluate(node, Interpretation(**how))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "how", "expected"),
    [
        ("6/2(3)", {}, 9),
        ("6/2(3)", {"tight": True}, 1),
        ("6/2*3", {"bar": True}, 1),
        ("2+3*4", {"straight": True}, 20),
        ("-3^2", {}, -9),
        ("-3^2", {"minus_inside": True}, 9),
        ("20%", {}, Fraction(1, 5)),
        ("20%", {"percent": "plain"}, 20),
        ("50 + 20%", {"percent": "relative"}, 60),
        (r"2\frac{1}{2}", {}, Fraction(5, 2)),
        (r"2\frac{1}{2}", {"mixed_product": True}, 1),
        ("5!", {"mark_ends_sentence": True}, 5),
        ("0.5", {"rounded": True}, Interval(Fraction(2, 5), Fraction(3, 5))),
    ],
)
def test_interpretations(text: str, how: dict[str, object], expected: object):
    assert value(text, **how) == expected


@pytest.mark.parametrize("text", ["1/0", "0^0", "9^(9^9)", "201!", r"\sqrt{-1}", "2^(-9999)"])
def test_some_expressions_have_no_value(text: str):
    with pytest.raises(NoValue):
        value(text)


def test_roots_are_exact_or_narrow():
    assert root_of(Fraction(4, 9), 2) == Fraction(2, 3)
    root = root_of(2, 2)
    assert isinstance(root, Interval)
    assert root.low**2 < 2 < root.high**2
    assert Fraction(root.high - root.low) < Fraction(1, 10**39)


def test_integer_roots_are_rounded_down():
    assert [integer_root(n, 3) for n in (0, 1, 7, 8, 26, 27)] == [0, 1, 1, 2, 2, 3]
    assert integer_root(10**60 - 1, 2) == 10**30 - 1


def test_sizes_are_those_of_the_longest_integer():
    assert bits_of(255) == 8
    assert bits_of(Fraction(1, 256)) == 9
    assert bits_of(Interval(1, 1024)) == 11
