import pytest

from tests.traces.formats.inline_rows import row_of
from tests.traces.formats.reads import read_one, refusal


def test_sections_are_the_steps_and_errors_count_from_one():
    record = read_one("deltabench", row_of("deltabench"))
    assert record.steps == ["Let me see.", "It is 6.", "Done."]
    assert record.label.earliest_error == 1
    assert record.label.step_labels == [1, -1, None]
    assert record.label.error_type == "Calculation Error"
    assert (record.label.explanation, record.label.correction) == ("The sum is 5.", "It is 5.")
    assert (record.id, record.subset) == ("d-1", "math")
    assert (record.reference_answer, record.final_answer_correct) == ("5", False)


def test_all_else_stays_in_the_metadata_without_the_text_again():
    metadata = read_one("deltabench", row_of("deltabench")).metadata
    assert metadata["reason_unuseful_section_numbers"] == [1]
    assert metadata["sections"][0] == {"start": 1, "end": 1, "description": "start"}
    assert not {"long_cot", "sections_content"} & set(metadata)


def test_no_section_named_is_no_error():
    row = row_of("deltabench", reason_error_section_numbers=[])
    row["sections_labeled_info"] = []
    label = read_one("deltabench", row).label
    assert label.earliest_error == -1
    assert label.error_type == ""


@pytest.mark.parametrize("number", [0, 4, "2"])
def test_a_missing_section_is_rejected(number):
    error = refusal("deltabench", row_of("deltabench", reason_error_section_numbers=[number]))
    assert error.field == "reason_error_section_numbers[0]"
    assert "1 to 3" in error.reason


def test_a_section_without_text_is_refused():
    error = refusal("deltabench", row_of("deltabench", sections=[{"content": "a"}, {}]))
    assert error.field == "sections[1]"
