"""JSON Lines: one object a line."""

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import orjson

from traces.containers.compression import BROKEN, open_bytes
from traces.containers.file_layout import BYTE_ORDER_MARK, LONGEST_ROW
from traces.containers.json_parser import parse, rejected
from traces.records import RejectedRow


def rows_of_lines(path: Path) -> Iterator[tuple[int, dict[str, Any] | RejectedRow]]:
    """Yield each line's object with the line's number; blank lines are skipped."""
    loads = orjson.loads
    number = 0
    with open_bytes(path) as file:
        try:
            for number, line in enumerate(_lines(file), start=1):
                if line is None:
                    yield number, rejected(number, f"the line is longer than {LONGEST_ROW:,} bytes")
                    continue
                try:
                    row = loads(line)
                except orjson.JSONDecodeError:
                    row = None
                if type(row) is dict:
                    yield number, row
                elif line.strip():
                    yield number, parse(line, number)
        except BROKEN as error:
            number += 1
            yield number, rejected(number, f"the compressed file ends unexpectedly here: {error}")


def _lines(file: IO[bytes]) -> Iterator[bytes | None]:
    """Yield each line, or None for a line that is too long."""
    readline = file.readline
    first = True
    while line := readline(LONGEST_ROW + 1):
        if first:
            line = line.removeprefix(BYTE_ORDER_MARK)
            first = False
        if len(line) > LONGEST_ROW:
            while line and not line.endswith(b"\n"):
                line = readline(LONGEST_ROW)
            yield None
        else:
            yield line
