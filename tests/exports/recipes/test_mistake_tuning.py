import pytest

from tests.exports.exported import make_export, rows_of
from tests.factories import label, make_dataset, make_trace

pytestmark = pytest.mark.django_db(transaction=True)


def test_mistake_tuning_takes_the_reference_where_no_trace_is_right():
    dataset = make_dataset()
    wrong = make_trace(dataset, problem="Q?", reference_solution="Because 4 + 1 = 5.")
    label(wrong, 1, error_type="calculation", explanation="4 + 1 is 5", correction="Then 5.")
    right, wrong_row = rows_of(make_export(dataset, "mistake-tuning"))
    assert (right["rationale"], right["source"]) == ("Because 4 + 1 = 5.", "reference")
    assert wrong_row["text"] == "Q?\n[INCORRECT RATIONALE]\n" + "\n\n".join(wrong.steps)
    assert wrong_row["first_error_step"] == 1
    assert wrong_row["error_cause"] == "4 + 1 is 5"
    assert wrong_row["source_trace_id"] == wrong.pk


def test_mistake_tuning_leaves_out_right_steps_to_a_wrong_answer():
    dataset = make_dataset()
    label(make_trace(dataset, final_answer_correct=False), -1)
    assert make_export(dataset, "mistake-tuning").row_count == 0
