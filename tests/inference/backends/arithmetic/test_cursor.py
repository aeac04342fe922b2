"""The cursor steps over units, remarks and the edges of formulas."""

import pytest

from inference.backends.arithmetic.cursor import Cursor, Unreadable, skip_edges
from inference.backends.arithmetic.lexer import Kind, tokens_of


def cursor(text: str, at: int = 0) -> Cursor:
    return Cursor(tokens_of(text, 0, len(text)), at)


def test_tokens_are_taken_by_kind():
    reader = cursor("2 + 3")
    assert reader.take(Kind.NUMBER).text == "2"
    with pytest.raises(Unreadable, match="number expected"):
        reader.take(Kind.NUMBER)
    assert reader.peek(1).text == "3"


def test_a_unit_is_passed_over_before_an_operator_and_kept_otherwise():
    reader = cursor("miles/hour + 3")
    reader.skip_unit()
    assert reader.peek().text == "+"
    alone = cursor("apples")
    alone.skip_unit()
    assert alone.at == 0


def test_a_remark_in_brackets_is_passed_over():
    reader = cursor("(Mondays, Fridays) = 2")
    reader.skip_remark()
    assert reader.peek().text == "="
    formula = cursor("(3 + 4) = 7")
    formula.skip_remark()
    assert formula.at == 0


def test_edges_are_skipped_before_a_relation_only():
    tokens = tokens_of("$ = 3", 0, 5)
    assert tokens[skip_edges(tokens, 0)].text == "="
    other = tokens_of("$ 3", 0, 3)
    assert skip_edges(other, 0) == 0
