import pytest

from traces.containers.json_parser import EXCERPT, parse, rejected


def test_an_object_is_a_row():
    assert parse(b'{"id": 1}', 7) == {"id": 1}


@pytest.mark.parametrize(
    ("raw", "word"), [(b"{", "JSON"), (b"[1, 2]", "list"), (b"3", "single value")]
)
def test_anything_else_is_rejected_with_its_line_and_start(raw, word):
    row = parse(raw, 7)
    assert (row.line, row.excerpt) == (7, raw.decode())
    assert word in row.reason


def test_an_excerpt_is_short_and_readable():
    row = rejected(1, "why", "é".encode() * 1000, field="steps")
    assert row.excerpt == "é" * EXCERPT
    assert row.field == "steps"
    assert rejected(1, "why", b" \xff ").excerpt == "\N{REPLACEMENT CHARACTER}"
