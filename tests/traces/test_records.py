import pytest

from traces.records import LabelRecord, RejectedRow, RowError, TraceRecord


def test_an_error_names_the_field_and_the_reason():
    error = RowError("steps[3]", "must be a text")
    assert (error.field, error.reason) == ("steps[3]", "must be a text")
    assert str(error) == "steps[3]: must be a text"
    assert isinstance(error, ValueError)


def test_records_have_no_label_and_no_metadata_in_common():
    first, second = TraceRecord("p", ["a"]), TraceRecord("p", ["a"])
    first.metadata["k"] = 1
    assert second.metadata == {}
    assert (second.label, second.id, second.line) == (None, "", 0)
    assert LabelRecord(None).step_labels is None


def test_a_rejection_can_not_be_changed():
    row = RejectedRow(3, "label", "is 9")
    with pytest.raises(AttributeError):
        row.line = 4
