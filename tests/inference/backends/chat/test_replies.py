"""Replies are read without trust."""

import json

import pytest

from inference.backends.chat.replies import (
    InvalidReply,
    Token,
    error_message,
    error_of,
    error_status,
    parse_json,
    parse_reply,
)


def body(**choice: object) -> dict[str, object]:
    message = {"content": "yes", "reasoning": "because"}
    return {
        "choices": [{"message": message, "finish_reason": "stop", **choice}],
        "usage": {"prompt_tokens": 5, "completion_tokens": 2},
    }


def test_a_completion_has_text_thinking_and_tokens():
    reply = parse_reply(body())
    (choice,) = reply.choices
    assert (choice.text, choice.thinking, choice.finish_reason) == ("yes", "because", "stop")
    assert choice.full_text == "because\n\nyes"
    assert (choice.tokens_in, choice.tokens_out, reply.tokens) == (5, 2, 7)


def test_log_probabilities_become_tokens_without_odd_ones():
    top = [{"token": "a", "logprob": -0.1}, {"token": "b", "logprob": float("nan")}, "c"]
    (choice,) = parse_reply(
        body(logprobs={"content": [{"token": "a", "top_logprobs": top}]})
    ).choices
    assert choice.tokens == (Token("a", (("a", -0.1),)),)
    assert choice.token_text == "a"


@pytest.mark.parametrize("found", [{}, {"choices": []}, {"choices": [{}]}, {"choices": "x"}])
def test_other_json_is_no_completion(found: dict[str, object]):
    with pytest.raises(InvalidReply):
        parse_reply(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<!doctype html>", "a web page"),
        ('{"a": 1', "breaks off"),
        ("Bad gateway", "not JSON"),
        ("[1]", "no object"),
    ],
)
def test_bodies_that_are_no_object(text: str, said: str):
    with pytest.raises(InvalidReply, match=said):
        parse_json(text.encode(), "application/json")
    assert parse_json(json.dumps({"a": 1}).encode(), "") == {"a": 1}


def test_errors_are_found_in_the_answer_or_a_choice():
    assert error_of({"error": {"message": "m"}}) == {"message": "m"}
    assert error_of({"choices": [{"error": "e"}]}) == "e"
    assert error_of(body()) is None
    assert error_status({"code": 429}) == 429
    assert error_status({"code": "busy"}) is None
    assert error_message({"detail": "too\n many\0"}) == "too many"
    assert len(error_message("x" * 500)) == 201
