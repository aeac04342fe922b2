"""Text with U+0000 in it, through its escape and through the database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_trace
from traces.fields import NulSafeTextField, escape_nul, may_be_escaped, unescape, unescape_json
from traces.models import Problem, Trace

ESCAPE = "\U0010ffff"


@given(st.text(st.sampled_from(["a", "0", "\0", ESCAPE])))
def test_every_text_comes_back(text):
    stored = escape_nul(text)
    assert "\0" not in stored
    assert unescape(stored) == text
    assert may_be_escaped(stored) == (text != stored)


def test_a_text_without_nul_is_not_copied():
    text = "plain"
    assert escape_nul(text) is text
    assert unescape(text) is text


def test_texts_of_a_json_value_are_unescaped_at_every_depth():
    value = {f"k{ESCAPE}0": [f"a{ESCAPE}0", 3, None, {"x": ESCAPE * 2}]}
    assert unescape_json(ESCAPE.encode(), value) == {"k\0": ["a\0", 3, None, {"x": ESCAPE}]}
    assert unescape_json(b"{}", value) is value


def test_the_field_converts_texts_only():
    field = NulSafeTextField()
    assert field.get_prep_value("a\0") == f"a{ESCAPE}0"
    assert field.get_prep_value(None) is None
    assert field.from_db_value(f"a{ESCAPE}0") == "a\0"
    assert field.from_db_value(None) is None


@pytest.mark.django_db
def test_rows_keep_nul():
    trace = make_trace(problem=f"What is \0?{ESCAPE}", steps=["a\0b", ESCAPE])
    assert Problem.objects.get().text == f"What is \0?{ESCAPE}"
    assert Trace.objects.get(pk=trace.pk).steps == ["a\0b", ESCAPE]
    assert Problem.objects.filter(text=f"What is \0?{ESCAPE}").exists()
