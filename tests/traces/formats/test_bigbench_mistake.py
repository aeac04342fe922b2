from tests.traces.formats.inline_rows import row_of
from tests.traces.formats.reads import read_one, refusal


def test_a_row_becomes_a_trace():
    record = read_one("bigbench-mistake", row_of("bigbench-mistake"))
    assert record.label.earliest_error == 1
    assert (record.final_answer, record.reference_answer) == ("pear apple", "apple pear")
    assert record.final_answer_correct is False
    assert record.id == ""


def test_null_means_no_error():
    record = read_one("bigbench-mistake", row_of("bigbench-mistake", mistake_index=None))
    assert record.label.earliest_error == -1


def test_a_row_without_an_answer_is_read():
    record = read_one("bigbench-mistake", row_of("bigbench-mistake", answer=None))
    assert record.final_answer is None
    assert record.final_answer_correct is None


def test_an_index_out_of_range_is_refused():
    error = refusal("bigbench-mistake", row_of("bigbench-mistake", mistake_index=2))
    assert error.field == "mistake_index"
    assert "0 to 1" in error.reason
