"""Critiques: which step is wrong, its type, why, and the correction."""

from tests.exports.recipes.attempts import made, right, wrong


def test_a_critique_names_step_type_reason_and_correction():
    good, bad = made("critique", right(), wrong())
    assert bad["output"] == (
        "The first wrong step is step 2 (calculation).\n\n6 + 8 is 14.\n\n"
        "It should read: With the book it is 6 + 8 = 14.\n\nConclusion: wrong [END]"
    )
    assert good["output"].endswith("Conclusion: right [END]")
    assert "Step 2: With the book it is 6 + 8 = 15." in bad["input"]


def test_a_wrong_trace_without_an_explanation_gives_a_critique_only_on_request():
    assert made("critique", wrong(explanation=" ")) == []
    assert len(made("critique", wrong(explanation=""), only_explained=False)) == 1


def test_no_critique_praises_right_steps_to_a_wrong_answer():
    assert made("critique", right(final_answer_correct=False)) == []
