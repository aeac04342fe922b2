"""Prompt formats, and the traces that recipes of pairs may use."""

from exports.recipes.prompt_formats import (
    MESSAGES,
    completion_in,
    consistent,
    kind_of,
    prompt_in,
    right_and_wrong,
)
from tests.exports.recipes.attempts import made, right, sources, wrong


def test_a_text_that_is_called_right_and_wrong_is_neither():
    disputed = right(steps=wrong().steps), wrong(generator="other")
    good, bad = right(), wrong(steps=["15."], earliest_error=0)
    traces = (*disputed, good, bad)
    assert made("dpo", *disputed) == made("sft", *disputed) == made("kto", *disputed) == []
    assert sources("dpo", *traces, pairs=9) == [[good.trace_id, bad.trace_id]]
    assert sources("kto", *traces) == [[good.trace_id], [bad.trace_id]]
    assert sources("retry", *traces) == [[bad.trace_id, good.trace_id]]
    assert sources("in-context", *traces, right=9, wrong=9) == [[good.trace_id, bad.trace_id]]
    assert sources("mistake-tuning", *traces) == [[good.trace_id], [bad.trace_id]]


def test_a_text_prompt_ends_in_a_blank_line_and_a_chat_prompt_is_a_message():
    assert prompt_in("text", "2 + 2?") == "2 + 2?\n\n"
    assert prompt_in("chat", "2 + 2?") == [{"role": "user", "content": "2 + 2?"}]
    assert completion_in("text", "4") == "4"
    assert completion_in("chat", "4") == [{"role": "assistant", "content": "4"}]


def test_right_steps_to_a_wrong_answer_are_on_neither_side():
    bad = wrong()
    contradictory = right(final_answer_correct=False)
    assert right_and_wrong([contradictory, bad]) == ([], [bad])
    assert consistent([contradictory]) == []


def test_column_kinds_follow_the_shape():
    assert kind_of("text") == "string"
    assert kind_of("chat") == MESSAGES
