"""File options of an export."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """File options.

    `file_format` "" is the recipe's own. Parquet compresses inside the file.
    """

    file_format: Annotated[Literal["", "jsonl", "parquet"], Meta(description="File format")] = ""
    compression: Annotated[Literal["zstd", "none"], Meta(description="Compression")] = "zstd"
    rows_per_file: Annotated[int, Meta(ge=1, description="Maximum rows per file")] = 250_000
