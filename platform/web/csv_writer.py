"""Rows as CSV that a spreadsheet shows and does not execute."""

import csv
from collections.abc import Iterable, Iterator, Sequence

Cell = str | int | float | None

# A spreadsheet takes a cell for a formula when it begins with one of these.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file whose `write` returns the line, so that the csv module's writer returns it too."""

    def write(self, line: str) -> str:
        return line


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield the heads of the columns and then each row as a line of CSV, with its line end.

    A text that begins like a formula gets an apostrophe before it; numbers stay as they are.
    """
    writer = csv.writer(_Echo())
    yield str(writer.writerow(columns))
    for row in rows:
        yield str(writer.writerow([_disarm(cell) for cell in row]))


def _disarm(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell
