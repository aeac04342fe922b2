"""Values as the database reads them from a binary COPY."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from traces.fields import unescape, unescape_json
from traces.hashing import joined
from traces.imports.binary_copy import (
    boolean,
    exact,
    float_array,
    json_object,
    length_prefixed,
    small,
    small_array,
    text_array,
)
from traces.records import RowError

ESCAPE = "\U0010ffff"


def copied(value: bytes, kind: str) -> Any:
    """Return the value after a COPY into a column of the type."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.copied")
        cursor.execute(f"CREATE TEMPORARY TABLE copied (value {kind})")
        with cursor.copy("COPY copied FROM STDIN (FORMAT binary)") as copy:
            copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8) + b"\0\1" + value + b"\xff\xff")
        cursor.execute("SELECT value FROM copied")
        return cursor.fetchone()[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("encode", "value", "kind"),
    [
        (exact, "é√", "text"),
        (exact, "", "text"),
        (exact, None, "text"),
        (boolean, True, "boolean"),
        (boolean, False, "boolean"),
        (boolean, None, "boolean"),
        (small, -32_768, "smallint"),
        (small, None, "smallint"),
        (float_array, [0.5, -1e300], "double precision[]"),
        (float_array, None, "double precision[]"),
        (small_array, [1, None, -1, 300], "smallint[]"),
        (small_array, None, "smallint[]"),
    ],
)
def test_values_arrive_as_they_are(encode: Callable[[Any], bytes], value: Any, kind: str):
    assert copied(encode(value), kind) == value


@pytest.mark.django_db
def test_nul_arrives_escaped_in_texts_arrays_and_json():
    assert copied(exact("a\0"), "text") == f"a{ESCAPE}0"
    texts = ["a\0b", ESCAPE, "é"]
    array = copied(text_array(texts, joined([text.encode() for text in texts])), "text[]")
    assert [unescape(text) for text in array] == texts
    value = {"k\0": ["a\0", 2**70, 0.5, None]}
    stored = copied(json_object(value), "jsonb")
    if isinstance(stored, str):
        stored = json.loads(stored)
    assert unescape_json(ESCAPE.encode(), stored) == value


def test_a_length_is_four_bytes():
    assert length_prefixed(b"abc") == b"\0\0\0\3abc"


def test_an_empty_object_and_odd_values_can_be_json():
    assert json_object({}) == b"\0\0\0\3\1{}"
    text = json_object({"d": Decimal("0.5"), "u": UUID(int=0)})[5:]
    assert text == b'{"d":0.5,"u":"00000000-0000-0000-0000-000000000000"}'


def test_keys_that_json_does_not_have_are_an_error():
    with pytest.raises(RowError) as caught:
        json_object({(1, 2): 3})
    assert caught.value.field == "metadata"
