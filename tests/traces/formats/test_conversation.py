import pytest

from traces.formats.conversation import content_of, conversation_in
from traces.records import RowError

TALK = [
    {"role": "system", "content": "Be short."},
    {"role": "user", "content": "What is 2 + 2?"},
    {
        "role": "assistant",
        "content": "I ask.",
        "reasoning_content": "A tool may know.",
        "tool_calls": [{"function": {"name": "add", "arguments": '{"a": 2, "b": 2}'}}],
    },
    {"role": "tool", "name": "add", "content": "4"},
    {"role": "assistant", "content": "It is 4."},
    {"role": "user", "content": "Thanks."},
]


def test_replies_belong_to_the_step_before_them():
    conversation = conversation_in({"messages": TALK})
    assert (conversation.problem, conversation.system) == ("What is 2 + 2?", "Be short.")
    assert conversation.steps == [
        'A tool may know.\n\nI ask.\n\n[tool call: add]\n{"a": 2, "b": 2}\n\n[tool result: add]\n4',
        "It is 4.\n\n[user]\nThanks.",
    ]
    assert conversation.places == [2, 4]
    assert conversation.has_tools


def test_parts_that_are_no_text_are_named():
    parts = [{"type": "text", "text": "Look:"}, {"type": "image_url"}]
    assert content_of({"content": parts}, "messages[0]") == "Look:\n[image_url]"
    assert content_of({"content": None}, "messages[0]") == ""


@pytest.mark.parametrize(
    ("messages", "field"),
    [
        ([{"role": "narrator", "content": "x"}], "messages[0].role"),
        ([{"role": "assistant", "content": "x"}], "messages"),
        ([{"role": "user", "content": "x"}], "messages"),
        ([{"role": "user", "content": 3}], "messages[0].content"),
        (["x"], "messages[0]"),
    ],
)
def test_a_wrong_message_is_named(messages, field):
    with pytest.raises(RowError) as caught:
        conversation_in({"messages": messages})
    assert caught.value.field == field
