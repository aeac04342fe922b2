"""The parser of one row's bytes."""

from typing import Any

import orjson

from traces.records import RejectedRow

EXCERPT = 200  # characters


def rejected(line: int, reason: str, raw: bytes = b"", field: str = "") -> RejectedRow:
    """Return the rejection of a row, with the start of its bytes as the excerpt."""
    text = raw[: EXCERPT * 4].decode("utf-8", errors="replace").strip()
    return RejectedRow(line=line, field=field, reason=reason, excerpt=text[:EXCERPT])


def parse(raw: bytes, line: int) -> dict[str, Any] | RejectedRow:
    """Return the bytes as an object, or the rejection of a row that is not one."""
    try:
        row = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        return rejected(line, f"not valid JSON (column {error.colno}): {error.msg}", raw)
    if type(row) is not dict:
        kind = "a list" if type(row) is list else "a single value"
        return rejected(line, f"a row must be an object with named fields, not {kind}", raw)
    return row
