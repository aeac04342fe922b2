"""Exports made on the spot, and their rows read back."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import zstandard

from exports.curation.rule import Rule
from exports.export_job import new_export, run_export
from exports.files.layout import Layout
from exports.models import Export
from exports.storage.export_store import folder_of
from traces.models import Dataset


def make_export(
    dataset: Dataset,
    recipe: str = "processbench",
    rule: Any = None,
    *,
    layout: dict[str, Any] | None = None,
    to_bucket: bool = False,
    **options: Any,
) -> Export:
    """Write an export and return it; `options` are the recipe's."""
    export = new_export(
        dataset,
        recipe=recipe,
        rule=rule or Rule(),
        options=options,
        layout=Layout(**(layout or {})),
        to_bucket=to_bucket,
    )
    run_export(export.pk)
    export.refresh_from_db()
    return export


def rows_of(export: Export, split: str = "train") -> list[dict]:
    """Return the rows of a split, from its files in the manifest's order."""
    assert export.status == "finished", export.error
    files = (export.manifest or {})["files"]
    folder = folder_of(export)
    names = [name for name, file in files.items() if file["split"] == split]
    return [row for name in names for row in file_rows(folder / name)]


def file_rows(path: Path) -> Iterator[dict]:
    if path.suffix == ".parquet":
        yield from pq.read_table(path).to_pylist()
        return
    data = path.read_bytes()
    if path.suffix == ".zst":
        data = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)).read()
    yield from (json.loads(line) for line in data.splitlines())
