"""The folder of an export: its manifest and its rows, file by file.

A job does not train on a folder whose files differ from the manifest.
"""

import gzip
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from training.jobs.errors import JobError

Row = dict[str, Any]
MANIFEST = "manifest.json"
PARTIAL = ".partial"
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class ExportFolder:
    """A checked export folder. `files` has the paths of each split, in order."""

    path: Path
    recipe: str
    manifest: Row
    files: dict[str, list[Path]]

    def rows(self, split: str) -> Iterator[Row]:
        """Yield the rows of a split; none for a split that the export does not have."""
        for path in self.files.get(split, []):
            yield from _read_rows(path)


def open_export(folder: Path, *, recipes: tuple[str, ...]) -> ExportFolder:
    """Check the folder against its manifest and return it.

    Raises JobError for an incomplete or changed folder, and for another recipe.
    """
    if folder.name.endswith(PARTIAL):
        raise JobError(f"{folder} is an unfinished export. Start the export again.")
    manifest = _manifest(folder)
    recipe = manifest["recipe"]
    if recipe not in recipes:
        raise JobError(
            f"{folder} has rows for {recipe}; this job reads exports for {' or '.join(recipes)}."
        )
    files: dict[str, list[Path]] = {}
    for name, file in sorted(manifest["files"].items()):
        path = folder / name
        _check_file(path, file)
        files.setdefault(file["split"], []).append(path)
    return ExportFolder(folder, recipe, manifest, files)


def required(row: Row, field: str, kind: type | tuple[type, ...]) -> Any:
    """Return a field of the row. Raises JobError if it is missing or has another type."""
    value = row.get(field)
    if not isinstance(value, kind):
        preview = orjson.dumps(row, default=str).decode()[:120]
        raise JobError(f"A row of the export has no usable field {field!r}: {preview}")
    return value


def _manifest(folder: Path) -> Row:
    path = folder / MANIFEST
    try:
        manifest = orjson.loads(path.read_bytes())
    except OSError as error:
        raise JobError(
            f"{folder} is not an export: its {MANIFEST} can't be read ({error.strerror})."
        ) from error
    except orjson.JSONDecodeError as error:
        raise JobError(f"{path} is not JSON: {error}. Copy the export again.") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise JobError(f"{path} lists no files: it is not the manifest of an export.")
    if not isinstance(manifest.get("recipe"), str):
        raise JobError(f"{path} has no recipe: it is not the manifest of an export.")
    if not manifest["files"]:
        raise JobError(f"{folder} has no rows: the export's rule selected none.")
    return manifest


def _check_file(path: Path, entry: Row) -> None:
    if not path.is_file():
        raise JobError(f"{path} is in the manifest but missing. Copy the export again.")
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    if digest.hexdigest() != entry["sha256"]:
        raise JobError(
            f"{path} is not the exported file: its sha256 differs from the manifest. "
            "Copy the export again."
        )


def _read_rows(path: Path) -> Iterator[Row]:
    if path.suffix == ".parquet":
        yield from _parquet_rows(path)
        return
    with _open_decompressed(path) as file:
        for number, line in enumerate(file, 1):
            try:
                yield orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise JobError(f"{path}, line {number}, is not JSON: {error}.") from error


def _parquet_rows(path: Path) -> Iterator[Row]:
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=1_000):
                yield from batch.to_pylist()
    except pa.ArrowInvalid as error:
        raise JobError(f"{path} is not a Parquet file: {error}.") from error


@contextmanager
def _open_decompressed(path: Path) -> Iterator[BinaryIO]:
    """Open the file for reading, decompressed if it is gzip or Zstandard."""
    if path.suffix == ".gz":
        with gzip.open(path) as unzipped:
            yield cast(BinaryIO, unzipped)
    elif path.suffix == ".zst":
        with zstandard.open(path, "rb") as unpacked:
            yield io.BufferedReader(unpacked)
    else:
        with path.open("rb") as file:
            yield file
