"""Helpers that read one row through its format."""

from typing import Any

import pytest

from traces.formats import FORMATS, ReadOptions
from traces.records import RowError, TraceRecord


def read(name: str, row: dict[str, Any], **options: Any) -> list[TraceRecord]:
    return list(FORMATS[name].read(row, ReadOptions(**options)))


def read_one(name: str, row: dict[str, Any], **options: Any) -> TraceRecord:
    (record,) = read(name, row, **options)
    return record


def refusal(name: str, row: dict[str, Any], **options: Any) -> RowError:
    with pytest.raises(RowError) as caught:
        read(name, row, **options)
    return caught.value
