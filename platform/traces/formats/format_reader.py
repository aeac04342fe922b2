"""The reader of files: the container's rows through a format, detected if none is named."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import orjson

from traces.containers import PlacedRow, UnreadableFile, rows
from traces.formats import FORMATS
from traces.formats.contract import Format, ReadOptions, Row
from traces.records import RejectedRow, RowError, TraceRecord

# Readable rows that the format is detected from, and rows to search for so many.
_ROWS_TO_DETECT = 20
_ROWS_TO_TRY = 1000
_EXCERPT = 200  # characters


class UnknownFormat(ValueError):
    """Rows that match no format, or the name of a format that does not exist."""


def detect(first_rows: Sequence[Row]) -> str:
    """Return the name of the format that matches most of the first rows. Raises UnknownFormat."""
    matches = {
        name: sum(1 for row in first_rows if form.matches(row)) for name, form in FORMATS.items()
    }
    best = max(matches, key=lambda name: matches[name])
    if matches[best]:
        return best
    fields = ", ".join(list(first_rows[0])[:20]) if first_rows else "no fields"
    raise UnknownFormat(
        f"Couldn't detect the format. Fields found: {fields}. Choose a format "
        f"({', '.join(FORMATS)}) or map the fields with 'general'."
    )


def get_format(name: str) -> Format:
    """Return the format of that name. Raises UnknownFormat."""
    if name not in FORMATS:
        raise UnknownFormat(f"Unknown format {name!r}. Formats: {', '.join(FORMATS)}.")
    return FORMATS[name]


def read_rows(
    path: Path, format: str | None = None, options: ReadOptions | None = None
) -> Iterator[TraceRecord | RejectedRow]:
    """Yield the traces of a file in order, with rejections for the rows that can't be read.

    Each has its line: the line in a file of lines, the number of the row in any other file. Raises
    at once, not on the first iteration: UnreadableFile for an unknown kind of file, UnknownFormat
    if no `format` is named and none matches.
    """
    placed = rows(Path(path))
    if format is None:
        head, format = _detect_from(placed)
        placed = chain(head, placed)
    return _records(get_format(format), placed, options or ReadOptions())


def detect_file(path: Path) -> str:
    """Return the name of the file's format. Raises UnreadableFile or UnknownFormat."""
    return _detect_from(rows(Path(path)))[1]


def _detect_from(placed: Iterator[PlacedRow]) -> tuple[list[PlacedRow], str]:
    """Return the rows that were read for it, and the name of their format."""
    head: list[PlacedRow] = []
    whole: list[Row] = []
    for line, row in islice(placed, _ROWS_TO_TRY):
        head.append((line, row))
        if isinstance(row, dict):
            whole.append(row)
            if len(whole) == _ROWS_TO_DETECT:
                break
    if not head:
        raise UnreadableFile("the file has no rows")
    if not whole:
        first = head[0][1]
        reason = first.reason if isinstance(first, RejectedRow) else ""
        raise UnreadableFile(f"line {head[0][0]} can't be read: {reason}")
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
            # Either all of a row's traces or none.
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
    """Raise RowError for values that JSON can't store: surrogates, large numbers, deep nesting."""
    try:
        orjson.dumps(metadata)
    except orjson.JSONEncodeError as error:
        raise RowError(
            "metadata", f"the other fields of the row can't be stored: {error}"
        ) from None


def _excerpt(row: Row) -> str:
    try:
        return orjson.dumps(row)[: _EXCERPT * 4].decode(errors="ignore")[:_EXCERPT]
    except orjson.JSONEncodeError:
        return ascii(row)[:_EXCERPT]
