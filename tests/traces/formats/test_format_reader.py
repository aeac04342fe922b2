import json

import pytest

from tests.traces.formats.inline_rows import ROWS, row_of
from traces.containers import UnreadableFile
from traces.formats import FORMATS, ReadOptions
from traces.formats.format_reader import (
    UnknownFormat,
    detect,
    detect_file,
    get_format,
    read_rows,
)
from traces.records import RejectedRow, TraceRecord


def write_lines(path, rows):
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("".join(line + "\n" for line in lines))
    return path


def test_each_format_is_read_from_a_file_without_being_named(tmp_path):
    for name, row in ROWS.items():
        path = write_lines(tmp_path / f"{name}.jsonl", [row, row])
        assert detect_file(path) == name
        records = list(read_rows(path))
        assert records and all(isinstance(record, TraceRecord) for record in records)
        assert {record.line for record in records} == {1, 2}


def test_bad_rows_are_rejected_between_the_good_ones(tmp_path):
    rows = [
        row_of("processbench"),
        '{"id": "toys-1", "steps": [',
        "",
        row_of("processbench", label=9),
        "[1, 2]",
        row_of("processbench", extra={"deep": "\ud800"}),
        row_of("processbench", id="toys-8"),
    ]
    records = list(read_rows(write_lines(tmp_path / "rows.jsonl", rows)))
    assert [type(record) for record in records] == [
        TraceRecord,
        RejectedRow,
        RejectedRow,
        RejectedRow,
        RejectedRow,
        TraceRecord,
    ]
    assert [record.line for record in records] == [1, 2, 4, 5, 6, 7]
    assert "not valid JSON" in records[1].reason
    assert records[2].field == "label" and '"id":"toys-7"' in records[2].excerpt
    assert "must be an object" in records[3].reason
    assert "not valid JSON" in records[4].reason


def test_all_rows_broken_but_one_is_still_detected(tmp_path):
    path = write_lines(tmp_path / "rows.jsonl", ['{"a": '] * 30 + [row_of("chat")])
    records = list(read_rows(path))
    assert len(records) == 31
    assert isinstance(records[-1], TraceRecord) and records[-1].line == 31


def test_a_row_gives_all_its_traces_or_none(tmp_path):
    bad = row_of("prmbench", original_process=["", " "])
    records = list(read_rows(write_lines(tmp_path / "rows.jsonl", [row_of("prmbench"), bad])))
    assert [type(record) for record in records] == [TraceRecord, TraceRecord, RejectedRow]
    assert records[2].field == "original_process"


def test_generator_and_subset_are_set_on_rows_without_them(tmp_path):
    path = write_lines(tmp_path / "rows.jsonl", [row_of("bigbench-mistake")])
    (record,) = read_rows(path, None, ReadOptions(generator="model-z", subset="sorting"))
    assert (record.generator, record.subset) == ("model-z", "sorting")
    path = write_lines(tmp_path / "rows.jsonl", [row_of("processbench")])
    (record,) = read_rows(path, None, ReadOptions(generator="model-z", subset="sorting"))
    assert (record.generator, record.subset) == ("model-a", "toys")


def test_a_named_format_reads_rows_that_would_be_taken_for_another(tmp_path):
    path = write_lines(tmp_path / "rows.jsonl", [row_of("processbench")])
    (record,) = read_rows(path, "general")
    assert record.label.earliest_error == 1
    assert record.subset == ""


def test_a_wrong_format_refuses_each_row_with_the_field_it_misses(tmp_path):
    path = write_lines(tmp_path / "rows.jsonl", [row_of("processbench")] * 2)
    assert [(r.line, r.field) for r in read_rows(path, "mr-ben")] == [
        (1, "Solution"),
        (2, "Solution"),
    ]


@pytest.mark.parametrize("form", ROWS)
@pytest.mark.parametrize("row", [{}, *ROWS.values(), {"messages": [[]]}, {"steps": {"a": 1}}])
def test_every_row_gives_a_record_or_a_reason(tmp_path, form, row):
    # The first cell of a matrix of every format with every other's row: each answers in words.
    path = write_lines(tmp_path / "rows.jsonl", [row])
    for record in read_rows(path, form):
        assert isinstance(record, TraceRecord) or record.reason


@pytest.mark.parametrize("odd", [None, True, 7, 1e300, "", "\x00", [], [None], {}, {"": []}])
def test_every_value_of_a_field_gives_a_record_or_a_reason(tmp_path, odd):
    for name, row in ROWS.items():
        rows = [{**row, field: odd} for field in row]
        for record in read_rows(write_lines(tmp_path / "rows.jsonl", rows), name):
            assert isinstance(record, TraceRecord) or record.reason


def test_fields_that_can_not_be_stored_are_rejected(tmp_path):
    nested = "[" * 600 + "]" * 600
    line = json.dumps(row_of("processbench"))[:-1] + f', "more": {nested}}}'
    (record,) = read_rows(write_lines(tmp_path / "rows.jsonl", [line]))
    assert record.field == "metadata"
    assert "can't be stored" in record.reason


def test_an_unknown_file_is_refused_at_once(tmp_path):
    path = write_lines(tmp_path / "rows.jsonl", [{"frage": "?"}])
    with pytest.raises(UnknownFormat, match="frage"):
        read_rows(path)
    with pytest.raises(UnknownFormat, match="Unknown format 'nope'"):
        read_rows(path, "nope")


def test_a_file_of_broken_rows_alone_is_refused_with_the_first_reason(tmp_path):
    with pytest.raises(UnreadableFile, match=r"line 1 can't be read: .*JSON"):
        read_rows(write_lines(tmp_path / "rows.jsonl", ['{"a', '{"b']))
    (tmp_path / "none.json").write_text("[]")
    with pytest.raises(UnreadableFile, match="has no rows"):
        read_rows(tmp_path / "none.json")


def test_each_format_has_a_row_here():
    assert set(ROWS) == set(FORMATS)
    assert all(name == form.name for name, form in FORMATS.items())


@pytest.mark.parametrize("name", ROWS)
def test_a_row_matches_only_its_own_format(name):
    assert [other for other, form in FORMATS.items() if form.matches(ROWS[name])] == [name]


@pytest.mark.parametrize("name", ROWS)
def test_a_format_is_detected_from_its_rows(name):
    assert detect([ROWS[name]]) == name


def test_a_bad_row_among_the_first_does_not_mislead():
    rows = [row_of("processbench", steps=None), *[row_of("processbench")] * 3]
    assert detect(rows) == "processbench"


@pytest.mark.parametrize(
    "row",
    [{}, {"messages": []}, {"messages": ["x"]}, {"reasoning_steps": [], "question": "q"}]
    + [dict.fromkeys(row) for row in ROWS.values()],
)
def test_empty_rows_match_no_format(row):
    assert not [name for name, form in FORMATS.items() if form.matches(row)]


def test_unknown_rows_are_named_with_the_formats_there_are():
    with pytest.raises(UnknownFormat) as caught:
        detect([{"frage": "?", "antwort": "!"}])
    assert "frage, antwort" in str(caught.value)
    assert "processbench" in str(caught.value) and "general" in str(caught.value)


def test_a_missing_format_is_an_error():
    with pytest.raises(UnknownFormat, match="Unknown format 'proces'"):
        get_format("proces")
