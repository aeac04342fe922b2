import csv

import pytest

from traces.containers import Layout, UnreadableFile, layout_of, rows
from traces.formats.format_reader import read_rows
from traces.records import RejectedRow


def test_cells_are_read_by_column_with_their_first_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b'\xef\xbb\xbfproblem,steps\n"two\nlines","a, b"\n\nlast,"say ""x"""\n')
    assert layout_of(path) is Layout.CSV
    assert list(rows(path)) == [
        (2, {"problem": "two\nlines", "steps": "a, b"}),
        (5, {"problem": "last", "steps": 'say "x"'}),
    ]


def test_tabs_part_the_cells_of_tsv(tmp_path):
    path = tmp_path / "a.tsv"
    path.write_text("a\tb\n1,5\t2\n")
    assert list(rows(path)) == [(2, {"a": "1,5", "b": "2"})]


def test_rows_of_another_length_are_refused_alone(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1\n1,2\n1,2,3\n")
    placed = list(rows(path))
    assert placed[1] == (3, {"a": "1", "b": "2"})
    assert "1 cells, but there are 2 column names" in placed[0][1].reason
    assert placed[2][1].line == 4


def test_a_quote_that_never_closes_is_reported(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,2\n3,"cut off\n')
    placed = list(rows(path))
    assert placed[0] == (2, {"a": "1", "b": "2"})
    assert isinstance(placed[1][1], RejectedRow) and "not valid CSV" in placed[1][1].reason


def test_bytes_that_are_no_utf8_are_refused_by_the_format(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"problem,steps\nWhat \xff?,one\nWhat?,two\n")
    bad, good = read_rows(path)
    assert (bad.line, bad.field) == (2, "problem")
    assert "surrogate" in bad.reason
    assert good.steps == ["two"]


def test_long_cells_and_nul_characters_are_read(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["problem", "text"], ["p", "x" * 1_000_000], ["p", "a\x00b"]])
    assert [len(row["text"]) for _, row in rows(path)] == [1_000_000, 3]


def test_a_column_named_twice_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b,a\n1,2,3\n")
    with pytest.raises(UnreadableFile, match="'a' occurs more than once"):
        list(rows(path))


def test_a_labelled_row_comes_through_the_general_format(tmp_path):
    path = tmp_path / "a.csv"
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "problem", "steps", "label"])
        writer.writerow(["r-1", "What is 2 + 3?", '["Add.", "It is 6."]', "1"])
    (record,) = read_rows(path)
    assert record.steps == ["Add.", "It is 6."]
    assert (record.id, record.line, record.label.earliest_error) == ("r-1", 2, 1)
