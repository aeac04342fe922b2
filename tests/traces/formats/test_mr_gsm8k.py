import pytest

from tests.traces.formats.inline_rows import row_of
from tests.traces.formats.reads import read_one, refusal

STEP = "model_output_solution_first_error_step"
VERDICT = "model_output_solution_correctness"


def test_a_row_becomes_a_trace_and_its_step_counts_from_zero():
    record = read_one("mr-gsm8k", row_of("mr-gsm8k"))
    assert record.steps == ["Step 1: Add.", "Step 2: It is 6."]
    assert record.label.earliest_error == 1
    assert record.label.explanation == "The sum is 5."
    assert (record.id, record.subset) == ("u-1", "original")
    assert (record.reference_answer, record.reference_solution) == ("5", "2 + 3 = 5")
    assert record.final_answer_correct is False


@pytest.mark.parametrize("step", ["N/A", "", None, 0, -1])
def test_a_right_solution_names_no_step(step):
    row = row_of("mr-gsm8k", **{STEP: step, VERDICT: "correct"})
    assert read_one("mr-gsm8k", row).label.earliest_error == -1


def test_a_wrong_solution_without_a_step_has_no_usable_label():
    assert read_one("mr-gsm8k", row_of("mr-gsm8k", **{STEP: "N/A"})).label.earliest_error is None


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({STEP: 3}, STEP, "1 to 2, or -1"),
        ({STEP: "two"}, STEP, "must be the number of a step"),
        ({STEP: None, VERDICT: "maybe"}, VERDICT, "must be 'correct' or 'wrong'"),
        ({"ground_truth_answer": 1e40}, "ground_truth_answer", "too large to be read exactly"),
    ],
)
def test_a_bad_field_is_refused(changes, field, words):
    error = refusal("mr-gsm8k", row_of("mr-gsm8k", **changes))
    assert error.field == field
    assert words in error.reason
