"""Answers in JSON: their schema, the request, and how they are read."""

import json

import pytest

from inference.backends.critic.structured_output import (
    answer_schema,
    json_answer,
    json_critique,
    request_fields,
)


def test_the_schema_allows_the_steps_and_no_error():
    schema = answer_schema(3)
    assert schema["properties"]["paragraph"]["enum"] == [-1, 0, 1, 2]
    assert list(schema["properties"]) == ["critique", "paragraph"]


def test_both_ways_carry_the_same_schema():
    own = request_fields("structured_outputs", 2)
    openai = request_fields("response_format", 2)
    assert own["structured_outputs"]["json"] == answer_schema(2)
    assert openai["response_format"]["json_schema"]["schema"] == answer_schema(2)


def test_an_answer_is_read():
    text = json.dumps({"critique": "Wrong.", "paragraph": 1})
    assert (json_answer(text), json_critique(text)) == ("1", "Wrong.")


@pytest.mark.parametrize("text", ["", "[1]", '{"paragraph": true}', '{"paragraph": "1"}', "{"])
def test_anything_else_has_no_answer(text: str):
    assert json_answer(text) is None
    assert json_critique(text) == ""
