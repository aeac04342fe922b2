"""JSON documents: a list of objects, an object of such lists (MR-Ben), or a single object.

The document is scanned only for the start and end of its rows; each row's bytes are then parsed
separately. So memory holds one row, nesting of any depth costs nothing, and an error inside one row
does not affect the others.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from traces.containers.compression import BROKEN, open_bytes
from traces.containers.file_layout import BYTE_ORDER_MARK, LONGEST_ROW
from traces.containers.json_parser import parse, rejected
from traces.records import RejectedRow

# A whole string with its closing quote as group 1, or a bracket. A string without a closing quote
# runs to the end of the bytes read so far.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+("?)|[\[\]{}]', re.DOTALL)
_FIRST_CHUNK = 1 << 18
_BETWEEN_ROWS = re.compile(rb"\s*,?\s*")

Row = tuple[int, dict[str, Any] | RejectedRow]


def rows_of_array(path: Path) -> Iterator[Row]:
    """Yield each object of the document's list, numbered from 1."""
    with open_bytes(path) as file:
        yield from _Scan(file, grouped=False).rows()


def rows_of_groups(path: Path) -> Iterator[Row]:
    """Yield each object in the document's values, which are lists of objects or objects."""
    with open_bytes(path) as file:
        yield from _Scan(file, grouped=True).rows()


def rows_of_single(path: Path) -> Iterator[Row]:
    """Yield the document itself as the only row."""
    with open_bytes(path) as file:
        try:
            raw = file.read(LONGEST_ROW + 1).removeprefix(BYTE_ORDER_MARK)
        except BROKEN as error:
            yield 1, rejected(1, f"the compressed file ends unexpectedly: {error}")
            return
    if len(raw) > LONGEST_ROW:
        yield 1, rejected(1, f"the object is longer than {LONGEST_ROW:,} bytes", raw)
    else:
        yield 1, parse(raw, 1)


class _Scan:
    """The search for the rows of one document. `depth` counts the open brackets."""

    def __init__(self, file: IO[bytes], *, grouped: bool) -> None:
        self.file = file
        self.grouped = grouped
        self.buffer = b""
        self.position = 0  # the scan's place in the buffer
        self.kept = 0  # the buffer is needed from here on
        self.row_start = -1  # the start of the current row in the buffer; -1 between rows
        self.row_depth = 0
        self.depth = 0
        self.dropped = 0  # bytes of the document before the buffer
        self.number = 0
        self.started = False
        self.failure = ""

    def rows(self) -> Iterator[Row]:
        """Yield the rows, and a rejection if the document ends badly."""
        while not self.failure and self._read_more():
            yield from self._scan_buffer()
            if len(self.buffer) - self.kept > LONGEST_ROW:
                self.failure = f"the row is longer than {LONGEST_ROW:,} bytes; reading stops here"
        yield from self._ending()

    def _read_more(self) -> bool:
        """Read the next chunk and return False at the end of the file.

        Chunks double while a row stays open, so that a long row is scanned in linear time.
        """
        rest = self.buffer[self.kept :]
        self.dropped += self.kept
        self.position -= self.kept
        self.row_start = 0 if self.row_start >= 0 else -1
        self.kept = 0
        try:
            chunk = self.file.read(max(_FIRST_CHUNK, len(rest)))
        except BROKEN as error:
            self.failure = f"the compressed file ends unexpectedly here: {error}"
            return False
        if not self.started:
            chunk = chunk.removeprefix(BYTE_ORDER_MARK)
            self.started = True
        self.buffer = rest + chunk
        return bool(chunk)

    def _scan_buffer(self) -> Iterator[Row]:
        buffer = self.buffer
        for token in _TOKEN.finditer(buffer, self.position):
            mark = buffer[token.start()]
            if mark == 0x22:  # a quote
                if not token[1]:
                    self.position = token.start()
                    self.kept = self.row_start if self.row_start >= 0 else self.kept
                    return
            elif mark in b"{[":
                if self.row_start < 0 and self._starts_row(mark):
                    yield from self._stray(buffer[self.kept : token.start()])
                    self.row_start, self.row_depth = token.start(), self.depth
                elif self.row_start < 0:
                    self.kept = token.end()
                self.depth += 1
            else:
                if self.row_start < 0:
                    yield from self._stray(buffer[self.kept : token.start()])
                    self.kept = token.end()
                self.depth -= 1
                if self.row_start >= 0 and self.depth == self.row_depth:
                    yield self._row(buffer[self.row_start : token.end()])
                    self.kept = token.end()
            self.position = token.end()
        self.position = len(buffer)
        self.kept = self.row_start if self.row_start >= 0 else self.kept

    def _starts_row(self, mark: int) -> bool:
        if self.grouped:
            return mark == 0x7B and self.depth in (1, 2)
        return self.depth == 1

    def _row(self, raw: bytes) -> Row:
        self.number += 1
        self.row_start = -1
        return self.number, parse(raw, self.number)

    def _stray(self, between: bytes) -> Iterator[Row]:
        """Reject any text other than a comma between the rows of a list."""
        if not self.grouped and self.depth == 1 and not _BETWEEN_ROWS.fullmatch(between):
            self.number += 1
            reason = "a row must be an object with named fields"
            yield self.number, rejected(self.number, reason, between.strip(b", \t\r\n"))

    def _ending(self) -> Iterator[Row]:
        place = f"byte {self.dropped + len(self.buffer):,}"
        reason = self.failure
        raw = self.buffer[self.row_start :] if self.row_start >= 0 else b""
        if not reason and self.depth > 0:
            where = f"inside row {self.number + 1}" if raw else f"after row {self.number}"
            reason = f"the document ends {where}, at {place}: the file is truncated"
        elif not reason and self.buffer[self.kept :].strip():
            raw = self.buffer[self.kept :].strip()
            reason = f"there is text after the end of the document, at {place}"
        if reason:
            yield self.number + 1, rejected(self.number + 1, reason, raw)
