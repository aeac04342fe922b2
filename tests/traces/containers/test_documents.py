import json

import pytest

from traces.containers import Layout, documents, layout_of, rows
from traces.records import RejectedRow

ROWS = [
    {"a": 'quotes " and \\ and }]', "b": [1, [2, {"c": "[{"}]]},
    {"a": "ünï ✓ \x00", "b": {}},
    {},
]


def write(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("indent", [None, 0, 2])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.txt"])
def test_a_list_gives_its_objects(tmp_path, indent, name):
    path = write(tmp_path / name, "\ufeff\n " + json.dumps(ROWS, indent=indent))
    assert layout_of(path) is Layout.ARRAY
    assert list(rows(path)) == list(enumerate(ROWS, start=1))


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_an_object_of_lists_gives_their_objects(tmp_path, indent, name):
    groups = {"one": ROWS[:2], "two": [], "three": ROWS[2:], "four": {"a": 1}}
    path = write(tmp_path / name, json.dumps(groups, indent=indent))
    assert layout_of(path) is Layout.GROUPS
    assert [row for _, row in rows(path)] == [*ROWS, {"a": 1}]


@pytest.mark.parametrize("row", [{"id": 1, "b": [{"c": 1}]}, {"messages": [{"role": "user"}]}])
def test_a_lone_object_over_many_lines_is_a_row(tmp_path, row):
    path = write(tmp_path / "a.json", json.dumps(row, indent=2))
    assert layout_of(path) is Layout.SINGLE
    assert list(rows(path)) == [(1, row)]


def test_a_lone_row_of_lines_may_start_with_an_object(tmp_path):
    row = {"question": {"problem": "p"}, "label": {"steps": []}}
    assert list(rows(write(tmp_path / "a.jsonl", json.dumps(row)))) == [(1, row)]
    assert [found for _, found in rows(write(tmp_path / "a.json", json.dumps(row)))] == [
        row["question"],
        row["label"],
    ]


@pytest.mark.parametrize("chunk", [1, 2, 7, 64])
def test_rows_may_lie_across_the_chunks_that_are_read(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(documents, "_FIRST_CHUNK", chunk)
    path = write(tmp_path / "a.json", json.dumps(ROWS, indent=1, ensure_ascii=False))
    assert [row for _, row in rows(path)] == ROWS
    path = write(tmp_path / "b.json", json.dumps({"k": ROWS, 'q"]': ROWS}))
    assert [row for _, row in rows(path)] == ROWS + ROWS


def test_a_document_cut_anywhere_keeps_the_rows_before(tmp_path):
    whole = json.dumps(ROWS).encode()
    ends = [0]
    for row in ROWS:
        ends.append(whole.index(json.dumps(row).encode(), ends[-1]) + len(json.dumps(row)))
    for length in range(1, len(whole)):
        placed = [row for _, row in rows(write(tmp_path / "a.json", whole[:length]))]
        count = sum(1 for end in ends[1:] if end <= length)
        assert placed[:-1] == ROWS[:count]
        assert isinstance(placed[-1], RejectedRow)
        assert f"at byte {length}: the file is truncated" in placed[-1].reason


def test_a_broken_row_stops_nothing_else(tmp_path):
    path = write(tmp_path / "a.json", '[{"a": 1}, {"a": nope}, {"a": 1, }, {"a": 2}]')
    placed = list(rows(path))
    assert [placed[0][1], placed[3][1]] == [{"a": 1}, {"a": 2}]
    assert [row.line for _, row in placed[1:3]] == [2, 3]
    assert placed[1][1].excerpt == '{"a": nope}'


def test_a_row_that_is_not_an_object_is_rejected_with_its_number(tmp_path):
    path = write(tmp_path / "a.json", '[{"a": 1}, "text", 5, [1], {"a": 2}, null]')
    placed = list(rows(path))
    assert [row for _, row in placed if isinstance(row, dict)] == [{"a": 1}, {"a": 2}]
    refused = [row for _, row in placed if isinstance(row, RejectedRow)]
    assert [row.excerpt for row in refused] == ['"text", 5', "[1]", "null"]
    assert all("must be an object" in row.reason for row in refused)


def test_text_after_the_end_is_reported(tmp_path):
    placed = list(rows(write(tmp_path / "a.json", '[{"a": 1}] and more')))
    assert placed[0] == (1, {"a": 1})
    assert "after the end of the document" in placed[1][1].reason


def test_hostile_documents_are_refused_in_words(tmp_path):
    deep = "[" * 300_000 + "]" * 300_000
    path = write(tmp_path / "a.json", f'[{{"a": 1}}, {{"a": {deep}}}, {{"a": {"9" * 9000}}}, {{}}]')
    placed = [row for _, row in rows(path)]
    assert placed[0] == {"a": 1} and placed[3] == {}
    assert all(isinstance(row, RejectedRow) for row in placed[1:3])
    unclosed = [row for _, row in rows(write(tmp_path / "b.json", "[" * 300_000))]
    assert len(unclosed) == 1 and "truncated" in unclosed[0].reason
    closing = [row for _, row in rows(write(tmp_path / "c.json", "[{}" + "]" * 300_000))]
    assert closing[0] == {}


def test_a_row_too_long_ends_the_reading_in_words(tmp_path, monkeypatch):
    monkeypatch.setattr(documents, "LONGEST_ROW", 1000)
    monkeypatch.setattr(documents, "_FIRST_CHUNK", 64)
    for long in ('{"a": "' + "x" * 5000 + '"}', ", ".join(["1"] * 5000)):
        placed = [row for _, row in rows(write(tmp_path / "a.json", f'[{{"a": 1}}, {long}]'))]
        assert placed[0] == {"a": 1}
        assert "longer than 1,000 bytes" in placed[-1].reason
