"""Values in PostgreSQL's binary COPY format: the length, then the bytes.

Sources: PostgreSQL's `array_recv`, `jsonb_recv`; -1 for a length is NULL; integers are big-endian.
"""

import json
import struct
from decimal import Decimal
from typing import Any

import orjson

from traces.fields import escape_nul
from traces.records import RowError

NULL = b"\xff\xff\xff\xff"

_TEXT, _FLOAT8, _INT2 = 25, 701, 21
_length = struct.Struct(">i").pack
_small = struct.Struct(">ih").pack
# A value's length; the array's dimensions, has-null flag, element type, length and lower bound.
_array_start = struct.Struct(">iiiiii").pack
# Labels are -1, 0, 1 or null: a lookup takes a third of the time.
_LABELS: dict[int | None, bytes] = {None: NULL, -1: _small(2, -1), 0: _small(2, 0), 1: _small(2, 1)}
_ARRAY_HEADER_SIZE = 20
_EMPTY = bytes(4)
_TRUE, _FALSE = b"\0\0\0\1\1", b"\0\0\0\1\0"
_JSONB_VERSION = b"\1"
_EMPTY_OBJECT = b"\0\0\0\3" + _JSONB_VERSION + b"{}"


def length_prefixed(value: bytes) -> bytes:
    """Return the value after its length."""
    return _length(len(value)) + value


def exact(text: str | None) -> bytes:
    """Return the value of a NulSafeTextField."""
    if text is None:
        return NULL
    if not text:
        return _EMPTY
    value = escape_nul(text).encode()
    return _length(len(value)) + value


def boolean(value: bool | None) -> bytes:
    """Return the value of a boolean column."""
    if value is None:
        return NULL
    return _TRUE if value else _FALSE


def small(value: int | None) -> bytes:
    """Return the value of a smallint column."""
    return NULL if value is None else _small(2, value)


def text_array(texts: list[str], joined: bytes) -> bytes:
    """Return the value of an array of NulSafeTextFields; `joined` are the length-prefixed texts."""
    text = "".join(texts)
    if escape_nul(text) is not text:
        joined = b"".join([exact(text) for text in texts])
    return _array(joined, len(texts), _TEXT, has_null=False)


def float_array(values: list[float] | None) -> bytes:
    """Return the value of a double precision[] column."""
    if values is None:
        return NULL
    elements = struct.pack(">" + "id" * len(values), *[part for v in values for part in (8, v)])
    return _array(elements, len(values), _FLOAT8, has_null=False)


def small_array(values: list[int | None] | None) -> bytes:
    """Return the value of a smallint[] column."""
    if values is None:
        return NULL
    elements = b"".join([_LABELS.get(value) or small(value) for value in values])
    return _array(elements, len(values), _INT2, has_null=None in values)


def json_object(value: dict[str, Any]) -> bytes:
    """Return a jsonb value, with U+0000 escaped as in a NulSafeTextField."""
    if not value:
        return _EMPTY_OBJECT
    text = _json(value)
    if rb"\u0000" in text:
        text = _json(_escaped(value))
    return _length(len(text) + 1) + _JSONB_VERSION + text


def _array(elements: bytes, count: int, kind: int, *, has_null: bool) -> bytes:
    size = _ARRAY_HEADER_SIZE + len(elements)
    return _array_start(size, 1, has_null, kind, count, 1) + elements


def _json(value: Any) -> bytes:
    try:
        return orjson.dumps(value, default=_plain)
    except TypeError:
        # Slower, but it accepts integers beyond 64 bits and keys that are not strings.
        try:
            text = json.dumps(value, default=_plain, ensure_ascii=False)
            return text.encode()
        except TypeError as error:
            raise RowError("metadata", f"can't be kept as JSON: {error}.") from error


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return str(value)


def _escaped(value: Any) -> Any:
    if isinstance(value, str):
        return escape_nul(value)
    if isinstance(value, dict):
        return {_escaped(key): _escaped(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_escaped(entry) for entry in value]
    return value
