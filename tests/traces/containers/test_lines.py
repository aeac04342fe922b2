from traces.containers import Layout, layout_of, lines, rows
from traces.records import RejectedRow


def test_lines_are_rows_with_their_numbers(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"a": 1}\r\n\n  \n{"a": 2}')
    assert list(rows(path)) == [(1, {"a": 1}), (4, {"a": 2})]


def test_a_broken_line_stops_nothing_else(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": \n{"a": 1}\n{"a": NaN}\n"x"\n{"a": "\xff"}\n{"a": 2}\n{"a": "cut of')
    placed = list(rows(path))
    assert [line for line, _ in placed] == [1, 2, 3, 4, 5, 6, 7]
    bad = {line: row for line, row in placed if isinstance(row, RejectedRow)}
    assert set(bad) == {1, 3, 4, 5, 7}
    assert all(row.line == line and row.reason for line, row in bad.items())
    assert bad[7].excerpt == '{"a": "cut of'
    assert "a single value" in bad[4].reason


def test_hostile_lines_are_refused_in_words(tmp_path):
    path = tmp_path / "a.jsonl"
    hostile = [
        b'{"a": ' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        b'{"a": ' + b"9" * 10_000 + b"}",
        b'{"a": "\\ud800"}',
        b"\x00" * 100,
    ]
    path.write_bytes(b"\n".join([b'{"a": 1}', *hostile, b'{"a": "\\u0000"}']))
    placed = [row for _, row in rows(path)]
    assert placed[0] == {"a": 1}
    assert placed[-1] == {"a": "\x00"}
    assert all(isinstance(row, RejectedRow) and len(row.excerpt) <= 200 for row in placed[1:-1])
    assert len(placed) == 6


def test_a_line_that_is_too_long_is_rejected(tmp_path, monkeypatch):
    monkeypatch.setattr(lines, "LONGEST_ROW", 100)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": 1}\n{"a": "' + b"x" * 1000 + b'"}\n{"a": 2}\n' + b"y" * 150)
    placed = list(rows(path))
    assert [line for line, _ in placed] == [1, 2, 3, 4]
    assert placed[2] == (3, {"a": 2})
    assert "longer than 100 bytes" in placed[1][1].reason
    assert "longer than 100 bytes" in placed[3][1].reason


def test_lines_are_detected_under_any_name(tmp_path):
    for name in ("a.json", "a.txt", "a"):
        path = tmp_path / name
        path.write_bytes(b'{"a": 1}\n{"a": 2}\n')
        assert layout_of(path) is Layout.LINES


def test_a_first_line_that_is_broken_does_not_make_a_document(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(b'{"a": "cut\n{"a": 2}\n')
    assert layout_of(path) is Layout.LINES
    path = tmp_path / "b.jsonl"
    path.write_bytes(b'{"a": "cut')
    assert layout_of(path) is Layout.LINES
