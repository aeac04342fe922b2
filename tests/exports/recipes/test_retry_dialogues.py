"""Retry dialogues: wrong attempts, then a right one."""

from tests.exports.recipes.attempts import made, right, wrong


def test_retry_dialogues_go_from_wrong_to_right():
    bad, good = wrong(), right()
    (row,) = made("retry", good, bad)
    assert [message["role"] for message in row["messages"]] == [
        "user",
        "assistant",
        "user",
        "assistant",
    ]
    assert row["messages"][-1]["content"] == "\n\n".join(good.steps)
    assert row["trace_ids"] == [bad.trace_id, good.trace_id]
    (row,) = made("retry", good, bad, hint="step")
    assert "step 2" in row["messages"][2]["content"]


def test_retry_uses_no_trace_twice():
    traces = [right(), right(), wrong(), wrong(), wrong()]
    rows = made("retry", *traces, dialogues=5, wrong_turns=2)
    assert [row["wrong_turns"] for row in rows] == [2, 1]
    used = [number for row in rows for number in row["trace_ids"]]
    assert len(used) == len(set(used)) == 5
