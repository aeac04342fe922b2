"""Preview an import: what the first rows become, and a dry run of the whole file."""

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
    """The first rows as they would be stored, those that would be refused, and the format."""

    format: str
    records: list[TraceRecord]
    rejections: list[RejectedRow]


@dataclass(frozen=True, slots=True)
class DryRun:
    """What an import would do."""

    counts: Counts
    rejections: list[RejectedRow]


def preview(
    source: str, format: str = "", options: ReadOptions | None = None, limit: int = 5
) -> Preview:
    """The first `limit` rows of the source's first file. Raises ValueError with a sentence."""
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
    """What the import would do, by doing it and taking it back. `limit` is for the rejections."""
    files = find_files(source)
    with transaction.atomic():
        rows = read_source(files, format, options or ReadOptions())
        stored = store(rows, dataset_name=dataset_name, progress=progress)
        rejections = rejected_rows(limit)
        transaction.set_rollback(True)
    return DryRun(stored.counts, rejections)
