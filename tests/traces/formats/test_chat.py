import pytest

from tests.traces.formats.inline_rows import row_of
from tests.traces.formats.reads import read_one, refusal

USER = {"role": "user", "content": "What is 2 + 3?"}


def test_a_lone_answer_is_cut_into_steps():
    record = read_one("chat", row_of("chat"))
    assert record.problem == "What is 2 + 3?"
    assert record.steps == ["Add.", "It is 5."]
    assert (record.id, record.generator, record.label) == ("c-1", "model-c", None)
    whole = read_one("chat", row_of("chat"), cut="marker", marker="###")
    assert whole.steps == ["Add.\n\nIt is 5."]


def test_several_answers_are_a_step_each():
    said = {"role": "assistant", "content": "Hm.\n\nLet me see."}
    asked = {"role": "user", "content": "And?"}
    record = read_one("chat", row_of("chat", messages=[USER, said, asked, said]))
    assert record.steps == ["Hm.\n\nLet me see.\n\n[user]\nAnd?", "Hm.\n\nLet me see."]
    assert record.metadata["message_indices"] == [1, 3]


def test_thoughts_and_parts_of_content_are_shown():
    parts = [{"type": "text", "text": "See:"}, {"type": "image_url", "image_url": {}}]
    said = {"role": "assistant", "reasoning_content": "I add.", "content": "5"}
    record = read_one("chat", row_of("chat", messages=[{"role": "user", "content": parts}, said]))
    assert record.problem == "See:\n[image_url]"
    assert record.steps == ["I add.", "5"]


@pytest.mark.parametrize(
    ("messages", "field", "words"),
    [
        ([USER], "messages", "no assistant message"),
        ([{"role": "assistant", "content": "5"}], "messages", "no user message"),
        ([USER, {"role": "wizard", "content": "5"}], "messages[1].role", "is 'wizard'"),
        ([USER, {"role": "assistant", "content": 5}], "messages[1].content", "must be a text"),
        ([USER, {"role": "assistant", "content": None}], "messages", "no step"),
        ([USER, "5"], "messages[1]", "must be an object"),
        (
            [USER, {"role": "assistant", "content": "", "tool_calls": [{"function": None}]}],
            "messages[1].tool_calls[0].function",
            "must be an object",
        ),
    ],
)
def test_a_bad_conversation_is_rejected_with_its_place(messages, field, words):
    error = refusal("chat", row_of("chat", messages=messages))
    assert error.field == field
    assert words in error.reason
