"""Rejection sampling: right traces alone."""

from tests.exports.recipes.attempts import made, right, wrong


def test_sft_takes_right_traces_once_and_no_more_than_asked():
    same = [right(), right(), right(steps=["Other."]), wrong()]
    assert len(made("sft", *same)) == 2
    assert len(made("sft", *same, distinct=False)) == 3
    assert len(made("sft", *same, most=1)) == 1


def test_chat_solutions_are_messages():
    (row,) = made("sft", right(), shape="chat")
    assert [message["role"] for message in row["messages"]] == ["user", "assistant"]


def test_no_right_trace_gives_no_row():
    assert made("sft", wrong()) == []
