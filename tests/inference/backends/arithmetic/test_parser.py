"""Expressions are parsed with the usual precedence, or refused."""

import pytest

from inference.backends.arithmetic.cursor import Unreadable
from inference.backends.arithmetic.evaluation import evaluate
from inference.backends.arithmetic.lexer import tokens_of
from inference.backends.arithmetic.nodes import Mixed, Negative, Number, Power, Sum
from inference.backends.arithmetic.parser import parse


def tree(text: str):
    return parse(tokens_of(text, 0, len(text)), 0).node


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2 + 3 * 4", 14),
        ("(2 + 3) * 4", 20),
        (r"\frac{6}{3} + 1", 3),
        ("2^3", 8),
        ("5!", 120),
        ("20% of 50", 10),
        (r"\binom{4}{2}", 6),
        (r"\sqrt[3]{27}", 3),
        ("3 dozen", 3),
    ],
)
def test_values_of_trees(text: str, value: int):
    assert evaluate(tree(text)) == value


def test_a_minus_stays_outside_a_power():
    assert tree("-3^2") == Negative(Power(Number(3), Number(2)))


def test_a_whole_number_before_a_fraction_is_mixed():
    node = tree("2 1/2")
    assert isinstance(node, Mixed)
    assert evaluate(node) * 2 == 5


def test_the_longest_expression_is_taken():
    tokens = tokens_of("1 + 2 = 3", 0, 9)
    found = parse(tokens, 0)
    assert isinstance(found.node, Sum)
    assert tokens[found.stop].text == "="


@pytest.mark.parametrize("text", ["2^3^4", "(1, 2]", "3a", "5 of 6", "$ x", "+"])
def test_what_may_mean_something_else_is_refused(text: str):
    with pytest.raises(Unreadable):
        tree(text)
