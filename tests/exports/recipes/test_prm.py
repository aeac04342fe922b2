import pytest

from tests.exports.recipes.attempts import made, right, wrong

STEPS = ["a", "b", "c", "d", "e"]


def labels(after: str, neutral: str = "right", **changes) -> list[bool]:
    trace = wrong(steps=STEPS, earliest_error=1, **changes)
    (row,) = made("prm", trace, after_first_error=after, neutral=neutral)
    assert row["completions"] == STEPS[: len(row["labels"])]
    return row["labels"]


def test_steps_after_the_first_error_are_treated_as_chosen():
    rated = [1, -1, 1, 0, None]
    assert labels("left-out", step_labels=rated) == [True, False]
    assert labels("wrong", step_labels=rated) == [True, False, False, False, False]
    assert labels("as-labelled", step_labels=rated) == [True, False, True, True]
    assert labels("as-labelled", step_labels=None) == [True, False]


@pytest.mark.parametrize(("neutral", "first"), [("right", True), ("wrong", False)])
def test_a_step_rated_0_counts_as_chosen(neutral: str, first: bool):
    assert labels("left-out", neutral, step_labels=[0, -1, 1, 1, 1]) == [first, False]
    (row,) = made("prm", right(step_labels=[1, 0]), neutral=neutral)
    assert row["labels"] == [True, first]


def test_a_right_trace_without_step_labels_is_right_throughout():
    (row,) = made("prm", right(step_labels=None))
    assert row["labels"] == [True, True]


def test_right_steps_to_a_wrong_answer_teach_no_judge():
    assert made("prm", right(final_answer_correct=False)) == []
    assert len(made("prm", right(final_answer_correct=None), wrong())) == 2
