import csv

import pytest

from web.csv_writer import csv_lines


def test_each_row_is_a_line_of_its_own() -> None:
    lines = csv_lines(["name", "n"], iter([["a, b", 1], ['say "x"', None], ["two\nlines", -2.5]]))
    assert list(lines) == [
        "name,n\r\n",
        '"a, b",1\r\n',
        '"say ""x""",\r\n',
        '"two\nlines",-2.5\r\n',
    ]


def test_rows_are_read_one_at_a_time() -> None:
    read = []

    def rows():
        for number in range(3):
            read.append(number)
            yield [number]

    lines = csv_lines(["n"], rows())
    assert [next(lines), next(lines)] == ["n\r\n", "0\r\n"]
    assert read == [0]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_begins_like_a_formula_is_disarmed(start: str) -> None:
    (_, line) = csv_lines(["text", "n"], [[f"{start}1+1", -1]])
    assert next(csv.reader([line])) == [f"'{start}1+1", "-1"]
