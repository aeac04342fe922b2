"""Previews of an import: the first rows, or a dry run of the whole source."""

from dataclasses import dataclass
from itertools import islice

from django.db import transaction

from traces.formats import ReadOptions
from traces.formats.format_reader import detect_file
from traces.imports.sources import find_files, read_source
from traces.imports.staging import Progress
from traces.imports.store import Counts, rejected_rows, store
from traces.records import RejectedRow, TraceRecord


@dataclass(frozen=True, slots=True)
class Preview:
    """The format, and the first rows as they would be stored or rejected."""

    format: str
    records: list[TraceRecord]
    rejections: list[RejectedRow]


@dataclass(frozen=True, slots=True)
class DryRun:
    """The counts of an import, and its first rejected rows."""

    counts: Counts
    rejections: list[RejectedRow]


def preview(
    source: str, format: str = "", options: ReadOptions | None = None, limit: int = 5
) -> Preview:
    """Return the first `limit` rows of the source's first file. Raises ValueError."""
    file = find_files(source)[0]
    rows = list(islice(read_source([file], format, options or ReadOptions()), limit))
    return Preview(
        format=format or detect_file(file.path),
        records=[row for row in rows if isinstance(row, TraceRecord)],
        rejections=[row for row in rows if isinstance(row, RejectedRow)],
    )


def dry_run(
    *,
    dataset_name: str,
    source: str,
    format: str = "",
    options: ReadOptions | None = None,
    progress: Progress | None = None,
    limit: int = 100,
) -> DryRun:
    """Import, roll back, and return the result with up to `limit` rejections."""
    files = find_files(source)
    with transaction.atomic():
        rows = read_source(files, format, options or ReadOptions())
        stored = store(rows, dataset_name=dataset_name, progress=progress)
        rejections = rejected_rows(limit)
        transaction.set_rollback(True)
    return DryRun(stored.counts, rejections)
