"""Start imports and run them.

A run reads the source's files, stores what it reads in one transaction and ends the job's row in
that same one: an import that is killed has changed nothing and can run again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from accounts.errors import Refused
from accounts.models import User
from database.advisory_lock import session_lock
from database.retry import retry_on_connection_loss
from jobs.execution import run_job
from jobs.heartbeat import Heartbeat
from jobs.queueing import enqueue_job
from jobs.transitions import fail, finish, release
from traces.duplicates.variants import link_stated_variants
from traces.formats import ReadOptions
from traces.formats.format_reader import get_format
from traces.imports.sources import HUB, find_files, parse_hub, read_source
from traces.imports.staging import Progress
from traces.imports.store import Counts, renew_statistics, store
from traces.models import Import
from traces.models import dataset_name as valid_dataset_name
from traces.records import RejectedRow, TraceRecord

# Seconds between two signs of life: a page that waits shows the rows read so far.
HEARTBEAT_SECONDS = 1.0


class ImportRefused(Refused, ValueError):
    """An import that can't go on, with a sentence saying why and what would do."""


def create_import(
    *,
    dataset_name: str,
    source: str,
    format: str = "",
    options: ReadOptions | None = None,
    created_by: User | None = None,
    attempts_allowed: int = 1,
) -> Import:
    """Create a queued import without sending it, for a caller that runs it itself.

    It has one attempt: the source may be a file that only the caller sees. Raises ValueError, with
    a sentence, for a name or source of a wrong form.
    """
    try:
        valid_dataset_name(dataset_name)
    except ValidationError as error:
        raise ImportRefused(f"{dataset_name!r}: {error.messages[0]}") from error
    if source.startswith(HUB):
        parse_hub(source)
    if format:
        get_format(format)
    return Import.objects.create(
        dataset_name=dataset_name,
        source=source,
        format=format,
        options=options_as_json(options or ReadOptions()),
        created_by=created_by,
        attempts_allowed=attempts_allowed,
    )


def start_import(
    *,
    dataset_name: str,
    source: str,
    format: str = "",
    options: ReadOptions | None = None,
    created_by: User | None = None,
) -> Import:
    """Queue an import for a data worker. Raises ValueError like `create_import`."""
    with transaction.atomic():
        started = create_import(
            dataset_name=dataset_name,
            source=source,
            format=format,
            options=options,
            created_by=created_by,
            attempts_allowed=3,
        )
        enqueue_job(started)
    return started


def run_import(import_id: int, progress: Progress | None = None) -> None:
    """Run the import unless it is over or runs elsewhere; its row says how that went.

    An import whose process was killed runs again at once: the lock that says "it runs" ends with
    the process, and the heartbeat need not be missed first.
    """
    progress = progress or Progress()
    with session_lock(f"traces.run_import:{import_id}") as alone:
        if not alone:
            return
        for abandoned in Import.objects.filter(pk=import_id, status=Import.Status.RUNNING):
            release(abandoned)
        stored: list[Counts] = []
        run_job(
            Import,
            import_id,
            partial(_run, progress=progress, stored=stored),
            explain=_explain,
            expected=(ValueError, OSError),
            progress=lambda _: {"rows_read": progress.rows_read, "rejected": progress.rejected},
            every=HEARTBEAT_SECONDS,
        )
    for counts in stored:
        retry_on_connection_loss(partial(renew_statistics, counts))
        retry_on_connection_loss(link_stated_variants)


def options_as_json(options: ReadOptions) -> dict[str, Any]:
    """Return the options that differ from the defaults."""
    default = ReadOptions()
    names = [field.name for field in fields(ReadOptions) if field.init]
    values = {name: getattr(options, name) for name in names}
    values["mapping"] = dict(options.mapping)
    return {name: value for name, value in values.items() if value != getattr(default, name)}


def _run(running: Import, beat: Heartbeat, *, progress: Progress, stored: list[Counts]) -> None:
    progress.rows_read = progress.rejected = 0  # of an attempt before this one
    try:
        files = find_files(running.source)  # may download, for as long as that takes
        rows = read_source(files, running.format, ReadOptions(**running.options))
        with transaction.atomic():
            result = store(
                _until_lost(rows, beat),
                dataset_name=running.dataset_name,
                import_id=running.pk,
                progress=progress,
            )
            with connection.cursor() as cursor:
                # References are checked now and not on commit, while the row still shows life.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            beat.stop()
            finish(running, dataset_id=result.dataset_id, **asdict(result.counts))
        stored.append(result.counts)
    except KeyboardInterrupt:
        fail(running, "The import was stopped. Nothing was stored.")
        raise


def _until_lost(
    rows: Iterable[TraceRecord | RejectedRow], beat: Heartbeat
) -> Iterator[TraceRecord | RejectedRow]:
    for row in rows:
        beat.check()
        yield row


def _explain(error: Exception) -> str:
    if isinstance(error, DatabaseError):
        return f"The database rejected the rows. Nothing was stored: {error}"
    if isinstance(error, OSError):
        return f"{error.filename or 'The source'} couldn't be read: {error.strerror or error}."
    if isinstance(error, ValueError):
        return str(error)
    return f"The import failed. Nothing was stored: {error!r}"
