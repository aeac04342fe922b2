import pytest

from tests.traces.formats.inline_rows import row_of
from tests.traces.formats.reads import read_one, refusal


def test_the_text_becomes_question_steps_and_labels():
    record = read_one("math-shepherd", row_of("math-shepherd"))
    assert record.problem == "What is 2 + 3?"
    assert record.steps == ["Step 1: Add.", "Step 2: It is 6. The answer is: 6"]
    assert record.label.earliest_error == 1
    assert record.label.step_labels == [1, -1]
    assert (record.subset, record.final_answer) == ("TOYS", "6")


def test_signs_within_a_step_are_no_labels():
    record = read_one(
        "math-shepherd",
        {"input": "Q Step 1: 5 - 2 + 1 = 4 ки\n", "label": "Q Step 1: 5 - 2 + 1 = 4 +\n"},
    )
    assert record.label.step_labels == [1]
    assert record.steps == ["Step 1: 5 - 2 + 1 = 4"]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"label": "What is 2 + 3? Step 1: Add. ?"}, "label", "mark number 1"),
        ({"label": "What is 2 + 3? Step 1: Add. +"}, "label", "mark number 2"),
        ({"input": "Q Step 1: Add. ки", "label": "Another Step 1: Add. +"}, "label", "repeat"),
        ({"input": "Q Step 1: a ки b", "label": "Q Step 1: a + b"}, "input", "must end with"),
        ({"input": "Q. Add. ки", "label": "Q. Add. +"}, "input", "no 'Step 1:'"),
        ({"input": "Step 1: a ки", "label": "Step 1: a +"}, "input", "no question"),
    ],
)
def test_texts_that_do_not_fit_together_are_refused(changes, field, words):
    error = refusal("math-shepherd", row_of("math-shepherd", **changes))
    assert error.field == field
    assert words in error.reason
