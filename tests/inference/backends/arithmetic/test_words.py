"""Words around a number: units, operators, relations, remarks."""

import pytest

from inference.backends.arithmetic.words import (
    may_follow,
    may_introduce,
    may_precede,
    read_words,
    word_set,
)


def test_a_list_is_its_words():
    assert word_set(" one two\nthree ") == {"one", "two", "three"}


@pytest.mark.parametrize(
    ("text", "unit", "relation", "operator", "plain"),
    [
        ("apples", "apples", "", "", True),
        ("apples is", "apples", "=", "", True),
        ("is approximately equal to", "", "≈", "", True),
        ("boxes times", "boxes", "", "*", True),
        ("more than", "more than", "", "", False),
    ],
)
def test_readings(text: str, unit: str, relation: str, operator: str, plain: bool):
    reading = read_words(text)
    found = (reading.unit, reading.relation, reading.operator, reading.plain)
    assert found == (unit, relation, operator, plain)


def test_a_leading_percent_is_noted():
    assert read_words("percent of").percent
    assert not read_words("of").percent


def test_words_before_a_calculation():
    assert may_precede("the total cost")
    assert not may_precede("five times")
    assert not may_precede("let x")


def test_words_after_a_result():
    assert may_follow("apples in the box")
    assert not may_follow("more apples")
    assert not may_follow("and a half")
    assert may_follow("and then")


def test_words_that_introduce_a_clause():
    assert may_introduce("so", opens=True)
    assert may_introduce("and", opens=True)
    assert not may_introduce("and", opens=False)
    assert not may_introduce("number below", opens=True)
