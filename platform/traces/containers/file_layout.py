"""The layout of a file, from its first bytes and, if they leave it open, from its name."""

import re
from enum import Enum
from pathlib import Path
from typing import IO

import orjson

from traces.containers.compression import BROKEN, open_bytes

# A longer row is rejected: it is far beyond any trace, and memory is shared.
LONGEST_ROW = 64 * 1024 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_PARQUET_MAGIC = b"PAR1"
_HEAD = 1 << 16
_LINES_TO_TRY = 50
# The first key of an object, and the first two bytes of its value that are not white space.
_FIRST_VALUE = re.compile(rb'\s*\{\s*"((?:[^"\\]|\\.){0,1000})"\s*:\s*(\S)\s*(\S)')


class UnreadableFile(ValueError):
    """A file of an unknown kind; the message describes it."""


class Layout(Enum):
    LINES = "JSON Lines: one object per line"
    ARRAY = "JSON: one list of objects"
    GROUPS = "JSON: one object whose values are lists of objects"
    SINGLE = "JSON: a single object, one row"
    CSV = "CSV with a header row"
    PARQUET = "Parquet"


def layout_of(path: Path) -> Layout:
    """Return the file's layout. Raises UnreadableFile for an unknown, empty or unreadable file."""
    try:
        with open_bytes(path) as file:
            return _layout(file, path.name.lower())
    except OSError as error:
        raise UnreadableFile(f"{path.name} can't be opened: {error.strerror or error}") from None
    except BROKEN as error:
        raise UnreadableFile(f"{path.name} is damaged from its start: {error}") from None


def _layout(file: IO[bytes], name: str) -> Layout:
    first = file.readline(_HEAD)
    if first.startswith(_PARQUET_MAGIC):
        return Layout.PARQUET
    if first.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile(f"{name} is encoded in UTF-16. Save it as UTF-8")
    first = first.removeprefix(BYTE_ORDER_MARK)
    while first and not first.strip():
        first = file.readline(_HEAD)
    if not first:
        raise UnreadableFile(f"{name} is empty")
    stem = name.removesuffix(".gz").removesuffix(".zst")
    if stem.endswith((".csv", ".tsv")):
        return Layout.CSV
    if first.lstrip().startswith(b"["):
        return Layout.ARRAY
    if first.lstrip().startswith(b"{"):
        return _layout_of_object(first, file, named_lines="jsonl" in stem or "ndjson" in stem)
    if stem.endswith((".json", ".jsonl", ".ndjson")):
        return Layout.LINES
    raise UnreadableFile(
        f"{name} starts with {first[:20]!r}, which isn't JSON, JSON Lines or Parquet. The "
        "name of a CSV file has to end in .csv"
    )


def _layout_of_object(first: bytes, file: IO[bytes], *, named_lines: bool) -> Layout:
    """Return LINES for lines of objects, or the layout of a document that starts with a brace."""
    try:
        if not first.endswith(b"\n"):
            first += file.readline(LONGEST_ROW)
        following = _next_lines(file)
    except BROKEN:
        following = []
    if len(first) <= LONGEST_ROW and _is_object(first):
        return Layout.LINES if following else _layout_of_document(first, named_lines)
    # A broken first line must not lose the others.
    if any(line.startswith(b"{") and _is_object(line) for line in following):
        return Layout.LINES
    if named_lines and all(line.startswith(b"{") for line in following):
        return Layout.LINES
    head = first if len(first) >= _HEAD else first + b"".join(following)
    return _layout_of_document(head, named_lines)


def _layout_of_document(head: bytes, named_lines: bool) -> Layout:
    """Return GROUPS for rows under keys, or SINGLE for one row.

    The only row of a file named .jsonl may start with an object.
    """
    match = _FIRST_VALUE.match(head)
    # A single conversation is a row, although its messages are a list of objects.
    if match is None or match[1] == b"messages":
        return Layout.SINGLE
    opens = match[2] + match[3]
    if opens == b"[{" or (opens.startswith(b"{") and not named_lines):
        return Layout.GROUPS
    return Layout.SINGLE


def _next_lines(file: IO[bytes]) -> list[bytes]:
    lines = []
    for _ in range(_LINES_TO_TRY):
        line = file.readline(1 << 20)
        if not line:
            break
        if line.strip():
            lines.append(line)
    return lines


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False
