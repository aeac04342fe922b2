"""Critiques, in-context sets and retry dialogues."""

from tests.exports.recipes.attempts import made, right, sources, wrong


def test_a_critique_says_where_what_kind_why_and_how_it_should_read():
    good, bad = made("critique", right(), wrong())
    assert bad["output"] == (
        "The first wrong step is step 2 (calculation).\n\n6 + 8 is 14.\n\n"
        "It should read: With the book it is 6 + 8 = 14.\n\nConclusion: wrong [END]"
    )
    assert good["output"].endswith("Conclusion: right [END]")
    assert "Step 2: With the book it is 6 + 8 = 15." in bad["input"]


def test_a_wrong_trace_that_nobody_explained_gives_no_critique_unless_asked():
    assert made("critique", wrong(explanation=" ")) == []
    assert len(made("critique", wrong(explanation=""), only_explained=False)) == 1


def test_in_context_sets_have_both_sides_and_no_reason():
    (row,) = made("in-context", right(), wrong(), wrong(steps=["Hm."], earliest_error=0), wrong=2)
    assert len(row["wrong_answers"]) == 2
    assert row["text"].count("Wrong answer: ") == 2
    assert "6 + 8 is 14." not in row["text"]
    assert made("in-context", right()) == []


def test_in_context_sets_fall_back_on_the_reference():
    bad = wrong()
    (row,) = made("in-context", bad)
    assert row["right_answers"] == ["2 * 3 + 8 = 14."]
    assert row["right_trace_ids"] == []
    assert sources("in-context", bad) == [[bad.trace_id]]
    assert made("in-context", bad, references=False) == []


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


def test_no_critique_praises_right_steps_to_a_wrong_answer():
    assert made("critique", right(final_answer_correct=False)) == []
