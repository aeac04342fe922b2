"""Parquet, read a batch of rows at a time. A row's place is its number."""

import math
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from traces.containers.file_layout import UnreadableFile
from traces.containers.json_parser import rejected
from traces.records import RejectedRow

# Limits of a batch that keep memory flat, by the unpacked size of the file's rows.
_ROWS_A_BATCH = 512
_BYTES_A_BATCH = 16 * 1024 * 1024


def rows_of_parquet(path: Path) -> Iterator[tuple[int, dict[str, Any] | RejectedRow]]:
    """Yield each row with its number, its values as JSON has them."""
    try:
        file = pyarrow.parquet.ParquetFile(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise UnreadableFile(f"{path.name} is not a complete Parquet file: {error}") from None
    number = 0
    with file:
        plain = all(_is_plain(field.type) for field in file.schema_arrow)
        try:
            for batch in file.iter_batches(batch_size=_rows_a_batch(file.metadata)):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row if plain else as_json(row)
        except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
            number += 1
            yield number, rejected(number, f"the file can't be read after this row: {error}")


def _rows_a_batch(metadata: pyarrow.parquet.FileMetaData) -> int:
    groups = [metadata.row_group(index) for index in range(metadata.num_row_groups)]
    heaviest = max((group.total_byte_size / max(1, group.num_rows) for group in groups), default=0)
    return max(1, min(_ROWS_A_BATCH, int(_BYTES_A_BATCH / max(1, heaviest))))


def _is_plain(kind: pyarrow.DataType) -> bool:
    """Return True if JSON has every value of the type too."""
    types = pyarrow.types
    if types.is_list(kind) or types.is_large_list(kind):
        return _is_plain(kind.value_type)
    if types.is_struct(kind):
        return all(_is_plain(field.type) for field in kind)
    return bool(
        types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_integer(kind)
        or types.is_boolean(kind)
        or types.is_null(kind)
    )


def as_json(value: Any) -> Any:
    """Return the value in JSON's types: NaN and infinity become null, a date its ISO text."""
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="backslashreplace")
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal | timedelta):
        return str(value)
    return value
