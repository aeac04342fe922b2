"""DPO, KTO, SFT, Step-DPO: what is preferred to what."""

from tests.exports.recipes.attempts import made, right, sources, wrong


def test_dpo_pairs_each_right_trace_with_a_wrong_one_first():
    good = [right(steps=["r1"]), right(steps=["r2"])]
    bad = [wrong(steps=["w1"], earliest_error=0), wrong(steps=["w2"], earliest_error=0)]
    pairs = [(row["chosen"], row["rejected"]) for row in made("dpo", *good, *bad, pairs=3)]
    assert pairs == [("r1", "w1"), ("r2", "w2"), ("r1", "w2")]
    assert sources("dpo", *good, *bad) == [[good[0].trace_id, bad[0].trace_id]]


def test_dpo_can_keep_to_one_generator():
    bad = wrong(generator="other")
    assert made("dpo", right(), bad, same_generator=True) == []
    assert len(made("dpo", right(), bad, wrong(), same_generator=True, pairs=9)) == 1


def test_chat_shapes_are_messages():
    (row,) = made("dpo", right(), wrong(), shape="chat")
    assert row["prompt"] == [{"role": "user", "content": right().problem}]
    assert row["chosen"][0]["role"] == "assistant"
    (row,) = made("sft", right(), shape="chat")
    assert [message["role"] for message in row["messages"]] == ["user", "assistant"]


def test_kto_has_every_trace_but_right_steps_to_a_wrong_answer():
    rows = made("kto", right(), wrong(), right(final_answer_correct=False))
    assert [row["label"] for row in rows] == [True, False]
    assert rows[0]["prompt"].endswith("\n\n")


def test_sft_takes_right_traces_once_and_no_more_than_asked():
    same = [right(), right(), right(steps=["Other."]), wrong()]
    assert len(made("sft", *same)) == 2
    assert len(made("sft", *same, distinct=False)) == 3
    assert len(made("sft", *same, most=1)) == 1


def test_step_dpo_takes_the_correction():
    (row,) = made("step-dpo", wrong())
    assert row["initial_reason_steps"] == "Two pens cost 2 * 3 = 6.\n\n"
    assert row["chosen"] == "With the book it is 6 + 8 = 14."
    assert row["rejected"] == "With the book it is 6 + 8 = 15."
    assert row["answer"] == "14"
    (row,) = made("step-dpo", wrong(), prompt="problem-and-steps", numbered=True)
    assert row["prompt"] == f"{wrong().problem}\n\nStep 1: Two pens cost 2 * 3 = 6.\n\n"
    assert row["rejected"] == "Step 2: With the book it is 6 + 8 = 15."


def test_step_dpo_else_takes_the_next_step_of_a_right_trace_with_the_same_beginning():
    bad, good = wrong(correction=""), right()
    other = right(steps=["Other.", "Way."])
    (row,) = made("step-dpo", bad, other, good)
    assert row["chosen"] == good.steps[1]
    assert sources("step-dpo", bad, other, good) == [[bad.trace_id, good.trace_id]]
    assert made("step-dpo", bad, other) == []
    assert made("step-dpo", bad, good, from_right_traces=False) == []


def test_a_step_is_never_preferred_to_itself():
    bad = wrong(correction="With the book\nit is 6 + 8 = 15. ")
    twin = right(steps=[bad.steps[0], bad.steps[1], "So it is 15."])
    assert made("step-dpo", bad, twin) == []
    (row,) = made("step-dpo", bad, twin, right())
    assert row["chosen"] == right().steps[1]


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
