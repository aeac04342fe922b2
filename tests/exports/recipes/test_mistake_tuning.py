from exports.recipes.mistake_tuning import CORRECT, INCORRECT
from tests.exports.recipes.attempts import made, right, sources, wrong


def test_the_text_is_question_prefix_and_rationale():
    good, bad = right(), wrong()
    rows = made("mistake-tuning", good, bad)
    assert [row["text"] for row in rows] == [
        f"{trace.problem}\n{prefix}\n" + "\n\n".join(trace.steps)
        for trace, prefix in ((good, CORRECT), (bad, INCORRECT))
    ]
    assert rows[1]["error_cause"] == "6 + 8 is 14."
    assert (rows[0]["first_error_step"], rows[1]["first_error_step"]) == (-1, 1)


def test_the_text_can_leave_the_prefix_out():
    (row,) = made("mistake-tuning", right(), prefixes=False)
    assert row["text"] == f"{row['question']}\n{row['rationale']}"
    assert row["prefix"] == CORRECT


def test_without_a_right_trace_a_corrected_last_step_makes_one():
    bad = wrong()
    first, second = made("mistake-tuning", bad)
    assert first["source"] == "corrected"
    assert first["rationale"] == "Two pens cost 2 * 3 = 6.\n\nWith the book it is 6 + 8 = 14."
    assert (first["is_correct"], first["first_error_step"]) == (True, -1)
    assert first["source_trace_id"] == bad.trace_id
    assert second["is_correct"] is False


def test_a_correction_that_does_not_reach_the_end_is_no_rationale():
    early = wrong(earliest_error=0, correction="Two pens cost 6.")
    rows = made("mistake-tuning", early)
    assert [row["source"] for row in rows] == ["reference", "trace"]
    assert rows[0]["rationale"] == "2 * 3 + 8 = 14."
    assert rows[0]["source_trace_id"] is None
    assert sources("mistake-tuning", early) == [[], [early.trace_id]]


def test_neither_corrected_nor_reference_where_they_are_not_wanted():
    rows = made("mistake-tuning", wrong(), corrected=False, references=False)
    assert [row["is_correct"] for row in rows] == [False]
    assert (
        made("mistake-tuning", wrong(), corrected=False, references=False, only_with_both=True)
        == []
    )


def test_right_steps_to_a_wrong_answer_are_left_out():
    rows = made("mistake-tuning", right(final_answer_correct=False), references=False)
    assert rows == []


def test_a_correction_that_repeats_the_wrong_step_makes_no_right_rationale():
    bad = wrong(correction=f" {wrong().steps[-1]}\n")
    assert [row["is_correct"] for row in made("mistake-tuning", bad, references=False)] == [False]
