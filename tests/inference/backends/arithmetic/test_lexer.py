"""Tokens of steps: numbers, signs, words and commands."""

from fractions import Fraction

import pytest

from inference.backends.arithmetic.lexer import (
    CUT,
    END,
    Kind,
    is_number,
    number_decimals,
    number_value,
    tokens_of,
)


def kinds(text: str) -> list[tuple[Kind, str]]:
    return [(t.kind, t.text) for t in tokens_of(text, 0, len(text)) if t is not END]


def test_a_formula_becomes_its_signs():
    assert kinds(r"\frac{1}{2} \times 3 = 1.5") == [
        (Kind.FRACTION, "frac"),
        (Kind.LEFT_BRACE, "{"),
        (Kind.NUMBER, "1"),
        (Kind.RIGHT_BRACE, "}"),
        (Kind.LEFT_BRACE, "{"),
        (Kind.NUMBER, "2"),
        (Kind.RIGHT_BRACE, "}"),
        (Kind.OPERATOR, "*"),
        (Kind.NUMBER, "3"),
        (Kind.EQUAL, "="),
        (Kind.NUMBER, "1.5"),
    ]


def test_words_units_and_unknown_commands_are_told_apart():
    assert kinds(r"so \text{5 cm} \alpha") == [
        (Kind.WORDS, "so"),
        (Kind.TEXT, "5 cm"),
        (Kind.BAD, r"\alpha"),
    ]


def test_a_cut_within_a_sentence_is_marked():
    text = "one 2 + 2 = 4 two"
    tokens = tokens_of(text, 4, 13)
    assert tokens[0] == tokens[-5] == CUT
    assert tokens[1].start == 4
    assert tokens[-4:] == [END] * 4


@pytest.mark.parametrize("text", ["7", "1,234.5", "0.5", "10"])
def test_plain_numbers(text: str):
    assert is_number(text)


@pytest.mark.parametrize("text", ["3:45", "1.2.3", "1,2", "007", "9" * 61])
def test_other_digits_are_no_number(text: str):
    assert not is_number(text)


def test_values_are_exact():
    assert number_value("1,234.5") == Fraction(2469, 2)
    assert number_value(r"0.1\overline{6}") == Fraction(1, 6)
    assert number_decimals("2.50") == 2
    assert number_decimals(r"0.1\overline{6}") == 0
