"""Step-DPO: a right and a wrong next step after the same beginning."""

from tests.exports.recipes.attempts import made, right, sources, wrong


def test_step_dpo_takes_the_correction():
    (row,) = made("step-dpo", wrong())
    assert row["initial_reason_steps"] == "Two pens cost 2 * 3 = 6.\n\n"
    assert row["chosen"] == "With the book it is 6 + 8 = 14."
    assert row["rejected"] == "With the book it is 6 + 8 = 15."
    assert row["answer"] == "14"
    (row,) = made("step-dpo", wrong(), prompt="problem-and-steps", numbered=True)
    assert row["prompt"] == f"{wrong().problem}\n\nStep 1: Two pens cost 2 * 3 = 6.\n\n"
    assert row["rejected"] == "Step 2: With the book it is 6 + 8 = 15."


def test_step_dpo_without_a_correction_takes_a_right_traces_next_step():
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
