"""File formats of rows: JSON, JSON Lines, CSV and Parquet, plain or compressed.

`rows(path)` yields each row with its place. It reads the file as it goes, so that memory stays flat
for a file of any length. A row that can't be read, or the end of a truncated file, is a
`RejectedRow` among the others and stops nothing else. The layout is detected from the content; the
name decides only if the content leaves it open.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from traces.containers.csv_files import rows_of_csv
from traces.containers.documents import rows_of_array, rows_of_groups, rows_of_single
from traces.containers.file_layout import Layout, UnreadableFile, layout_of
from traces.containers.lines import rows_of_lines
from traces.containers.parquet_files import rows_of_parquet
from traces.records import RejectedRow

__all__ = ["Layout", "PlacedRow", "UnreadableFile", "layout_of", "rows"]

# The line of a JSONL or CSV file, or the number of the row in any other, both counted from 1.
PlacedRow = tuple[int, dict[str, Any] | RejectedRow]

READERS: dict[Layout, Callable[[Path], Iterator[PlacedRow]]] = {
    Layout.LINES: rows_of_lines,
    Layout.ARRAY: rows_of_array,
    Layout.GROUPS: rows_of_groups,
    Layout.SINGLE: rows_of_single,
    Layout.CSV: rows_of_csv,
    Layout.PARQUET: rows_of_parquet,
}


def rows(path: Path) -> Iterator[PlacedRow]:
    """Yield the file's rows in order. Raises UnreadableFile at once for an unknown kind of file."""
    return READERS[layout_of(path)](path)
