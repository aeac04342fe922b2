import pytest

from tests.traces.formats.inline_rows import row_of
from tests.traces.formats.reads import read_one, refusal


def test_lines_are_gathered_into_the_steps_that_the_label_counts():
    record = read_one("mr-ben", row_of("mr-ben"))
    assert record.steps == [
        "Here is how:\nStep 1: Add.\n",
        "Step 2: Work it out:\n2 + 3 = 6",
        "Step 3: Choose B.",
        "Solution: Choice_B",
    ]
    assert record.label.earliest_error == 1


def test_a_row_becomes_a_trace_with_options_and_reference():
    record = read_one("mr-ben", row_of("mr-ben"))
    assert record.problem == "What is 2 + 3?\n\nA: 5 \nB: 6 "
    assert (record.id, record.generator, record.subset) == ("q-1/model-b", "model-b", "toys")
    assert record.reference_answer == "A"
    assert record.metadata["Ground_Truth_Answer"] == "B"
    assert record.label.explanation == "The sum is 5."
    assert record.label.correction == "Step 2: 2 + 3 = 5"
    assert record.metadata["Model_Solution_Error_Reason"] == [" ", "The sum is 5."]


def test_lines_without_names_are_steps_and_blank_ones_belong_to_the_line_before():
    lines = ["Add.", "", "It is 6.", "So 6."]
    record = read_one("mr-ben", row_of("mr-ben", Model_Solution_Steps=lines))
    assert record.steps == ["Add.\n", "It is 6.", "So 6."]
    assert record.label.earliest_error == 1


def test_parts_of_a_step_are_no_steps():
    lines = ["Step 1: Add.", "Step 1.1: 2 + 3", "Step 1.2: = 6", "Step 2: So 6."]
    record = read_one("mr-ben", row_of("mr-ben", Model_Solution_Steps=lines))
    assert record.steps == ["Step 1: Add.\nStep 1.1: 2 + 3\nStep 1.2: = 6", "Step 2: So 6."]


def test_the_label_means_the_step_called_so_where_a_number_is_left_out():
    lines = ["Step 1: Add.", "Step 3: It is 6.", "Step 4: So 6."]
    changes = {"Model_Solution_Steps": lines, "Model_Solution_First_Error_Step": "3"}
    assert read_one("mr-ben", row_of("mr-ben", **changes)).label.earliest_error == 1


def test_not_available_means_no_error_or_no_answer():
    changes = {
        "Model_Solution_First_Error_Step": "N/A",
        "Model_Solution_Error_Reason": "N/A",
        "Model_Solution_Rectified_First_Error_Step": "N/A",
    }
    right = row_of("mr-ben", Model_Solution_Correctness="correct", **changes)
    assert read_one("mr-ben", right).label.earliest_error == -1
    assert read_one("mr-ben", right).label.explanation == ""
    assert read_one("mr-ben", row_of("mr-ben", **changes)).label.earliest_error is None


def test_a_solution_in_code_is_cut_into_lines_and_the_wrong_one_found():
    row = row_of("mr-ben", Solution="```python\ndef f():\n\n    x = 1\n    return x\n```")
    del row["Model_Solution_Steps"]
    row["Model_Solution_First_Error_Step"] = "```python\n    return x\n```"
    record = read_one("mr-ben", row)
    assert record.steps == ["```python", "def f():\n", "    x = 1", "    return x", "```"]
    assert record.label.earliest_error == 3


@pytest.mark.parametrize("label", ["0", "5", "9" * 5000])
def test_a_step_out_of_range_is_refused(label):
    error = refusal("mr-ben", row_of("mr-ben", Model_Solution_First_Error_Step=label))
    assert error.field == "Model_Solution_First_Error_Step"
    assert "1 to 4, or N/A" in error.reason


def test_a_label_that_is_neither_is_refused():
    error = refusal("mr-ben", row_of("mr-ben", Model_Solution_First_Error_Step="second"))
    assert "is 'second'" in error.reason
