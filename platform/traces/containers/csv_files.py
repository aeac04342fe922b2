"""CSV with a line of column names. A row's place is the line that it starts on.

Cells are texts; a format converts them to lists or numbers.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from traces.containers.compression import BROKEN, open_bytes
from traces.containers.file_layout import LONGEST_ROW, UnreadableFile
from traces.containers.json_parser import rejected
from traces.records import RejectedRow


def rows_of_csv(path: Path) -> Iterator[tuple[int, dict[str, Any] | RejectedRow]]:
    """Yield each row with its line. A name in .tsv means that tabs separate the cells."""
    # The limit is for the whole process; no other code here reads CSV.
    csv.field_size_limit(LONGEST_ROW)
    tabs = path.name.lower().removesuffix(".gz").removesuffix(".zst").endswith(".tsv")
    # A byte that is not UTF-8 becomes a lone surrogate, which the row's format then rejects.
    with io.TextIOWrapper(
        open_bytes(path), encoding="utf-8-sig", errors="surrogateescape", newline=""
    ) as text:
        reader = csv.reader(text, delimiter="\t" if tabs else ",", strict=True)
        yield from _rows(reader, _column_names(reader))


def _column_names(reader: Any) -> list[str]:
    try:
        names: list[str] = next(reader, [])
    except csv.Error as error:
        raise UnreadableFile(f"the line of column names can't be read: {error}") from None
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise UnreadableFile(f"the column {doubled[0]!r} occurs more than once")
    return names


def _rows(reader: Any, names: list[str]) -> Iterator[tuple[int, dict[str, Any] | RejectedRow]]:
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield line, rejected(line, f"not valid CSV: {error}")
            continue
        except BROKEN as error:
            yield line, rejected(line, f"the compressed file ends unexpectedly here: {error}")
            return
        if not cells:
            continue
        if len(cells) != len(names):
            reason = f"the row has {len(cells)} cells, but there are {len(names)} column names"
            yield line, rejected(line, reason, ",".join(cells).encode(errors="replace"))
            continue
        yield line, dict(zip(names, cells, strict=True))
