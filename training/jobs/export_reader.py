"""An export's folder: its manifest, and its rows file by file.

Nothing is trained on a folder whose files are not the ones that its manifest lists.
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
    """A folder that has been checked. `files` has the paths of each split, in order."""

    path: Path
    recipe: str
    manifest: Row
    files: dict[str, list[Path]]

    def rows(self, split: str) -> Iterator[Row]:
        for path in self.files.get(split, []):
            yield from _rows_of(path)


def open_export(folder: Path, *, recipes: tuple[str, ...]) -> ExportFolder:
    """Check the folder against its manifest. Raises JobError for one that is not whole, or that
    holds another recipe."""
    if folder.name.endswith(PARTIAL):
        raise JobError(f"{folder} is an export that was not finished; start the export again.")
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
    """The row's field. Raises JobError where it is missing or of another type."""
    value = row.get(field)
    if not isinstance(value, kind):
        shown = orjson.dumps(row, default=str).decode()[:120]
        raise JobError(f"A row of the export has no usable field {field!r}: {shown}")
    return value


def _manifest(folder: Path) -> Row:
    path = folder / MANIFEST
    try:
        manifest = orjson.loads(path.read_bytes())
    except OSError as error:
        raise JobError(
            f"{folder} is no export: its {MANIFEST} can't be read ({error.strerror})."
        ) from error
    except orjson.JSONDecodeError as error:
        raise JobError(f"{path} is not JSON: {error}. Copy the export again.") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise JobError(f"{path} lists no files: it is not the manifest of an export.")
    if not isinstance(manifest.get("recipe"), str):
        raise JobError(f"{path} names no recipe: it is not the manifest of an export.")
    if not manifest["files"]:
        raise JobError(f"{folder} has no rows: the export's rule chose none.")
    return manifest


def _check_file(path: Path, listed: Row) -> None:
    if not path.is_file():
        raise JobError(f"{path} is missing, though the manifest lists it; copy the export again.")
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    if digest.hexdigest() != listed["sha256"]:
        raise JobError(
            f"{path} is not the file that was exported: its sha256 is not the manifest's. "
            "Copy the export again."
        )


def _rows_of(path: Path) -> Iterator[Row]:
    if path.suffix == ".parquet":
        yield from _parquet_rows(path)
        return
    with _opened(path) as file:
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
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file's text, whatever it is packed with."""
    if path.suffix == ".gz":
        with gzip.open(path) as unzipped:
            yield cast(BinaryIO, unzipped)
    elif path.suffix == ".zst":
        with zstandard.open(path, "rb") as unpacked:
            yield io.BufferedReader(unpacked)
    else:
        with path.open("rb") as file:
            yield file
