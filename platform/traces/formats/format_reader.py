"""From a file to records: the container's rows through a format, found out where none is named."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import orjson

from traces.containers import PlacedRow, UnreadableFile, rows
from traces.formats import FORMATS
from traces.formats.contract import Format, ReadOptions, Row
from traces.records import RejectedRow, RowError, TraceRecord

# Rows that the format is told from, and rows to look through until there are so many.
_ROWS_TO_DETECT = 20
_ROWS_TO_TRY = 1000
_EXCERPT = 200  # characters


class UnknownFormat(ValueError):
    """Rows that no format knows, or a format that there is not, in a sentence."""


def detect(first_rows: Sequence[Row]) -> str:
    """The name of the format that knows most of the first rows. Raises UnknownFormat."""
    known = {
        name: sum(1 for row in first_rows if form.matches(row)) for name, form in FORMATS.items()
    }
    best = max(known, key=lambda name: known[name])
    if known[best]:
        return best
    fields = ", ".join(list(first_rows[0])[:20]) if first_rows else "no fields"
    raise UnknownFormat(
        f"No format knows these rows; the first one's fields are: {fields}. The formats are "
        f"{', '.join(FORMATS)}; 'general' reads any row once told which field holds what."
    )


def format_named(name: str) -> Format:
    if name not in FORMATS:
        raise UnknownFormat(f"There is no format {name!r}; the formats are {', '.join(FORMATS)}.")
    return FORMATS[name]


def read_rows(
    path: Path, format: str | None = None, options: ReadOptions | None = None
) -> Iterator[TraceRecord | RejectedRow]:
    """The traces of a file in order, and the rows that can't be read in their places.

    Each carries its line: of a file of lines the line, of any other the number of the row. Raises
    at once, not on the first step: UnreadableFile for a file of no known kind, UnknownFormat where
    no `format` is named and none fits.
    """
    placed = rows(Path(path))
    if format is None:
        head, format = _detected(placed)
        placed = chain(head, placed)
    return _records(format_named(format), placed, options or ReadOptions())


def detect_file(path: Path) -> str:
    """The name of the file's format. Raises UnreadableFile or UnknownFormat."""
    return _detected(rows(Path(path)))[1]


def _detected(placed: Iterator[PlacedRow]) -> tuple[list[PlacedRow], str]:
    """The rows looked at, and the name of their format."""
    head: list[PlacedRow] = []
    whole: list[Row] = []
    for line, row in islice(placed, _ROWS_TO_TRY):
        head.append((line, row))
        if isinstance(row, dict):
            whole.append(row)
            if len(whole) == _ROWS_TO_DETECT:
                break
    if not head:
        raise UnreadableFile("the file holds no rows")
    if not whole:
        first = head[0][1]
        reason = first.reason if isinstance(first, RejectedRow) else ""
        raise UnreadableFile(f"none of the first {len(head)} rows can be read: {reason}")
    return head, detect(whole)


def _records(
    form: Format, placed: Iterator[PlacedRow], options: ReadOptions
) -> Iterator[TraceRecord | RejectedRow]:
    read = form.read
    for line, row in placed:
        if isinstance(row, RejectedRow):
            yield row
            continue
        try:
            # All of a row's traces or none.
            records = list(read(row, options))
            for record in records:
                if record.metadata:
                    _check_metadata(record.metadata)
        except RowError as error:
            yield RejectedRow(line, error.field, error.reason, _excerpt(row))
            continue
        for record in records:
            record.line = line
            record.generator = record.generator or options.generator
            record.subset = record.subset or options.subset
            yield record


def _check_metadata(metadata: dict[str, Any]) -> None:
    """Refuses what can't be stored as JSON: surrogates, numbers past 64 bits, endless nesting."""
    try:
        orjson.dumps(metadata)
    except orjson.JSONEncodeError as error:
        raise RowError("metadata", f"what the row says besides can't be kept: {error}") from None


def _excerpt(row: Row) -> str:
    try:
        return orjson.dumps(row)[: _EXCERPT * 4].decode(errors="ignore")[:_EXCERPT]
    except orjson.JSONEncodeError:
        return ascii(row)[:_EXCERPT]
