"""Imports as rows of the database: started, run in the background, closed when silent.

A run reads the source's files, stores what it reads in one transaction and writes the counts in the
same one, so an import that is killed has changed nothing and can run again.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import User
from traces.duplicates.variants import link_stated_variants
from traces.formats import ReadOptions
from traces.formats.read import format_named
from traces.imports.heartbeat import told_every_second
from traces.imports.sources import HUB, find_files, parse_hub, read_source
from traces.imports.staging import Progress
from traces.imports.store import Counts, renew_statistics, store
from traces.models import Import
from traces.models import dataset_name as valid_dataset_name

logger = logging.getLogger(__name__)

SILENT_AFTER = timedelta(minutes=5)


class ImportRefused(ValueError):
    """An import that can't go on, with a sentence saying why and what would do."""


def create_import(
    *,
    dataset_name: str,
    source: str,
    format: str = "",
    options: ReadOptions | None = None,
    created_by: User | None = None,
) -> Import:
    """A queued import. Raises ValueError, with a sentence, for a name or source of a wrong form."""
    try:
        valid_dataset_name(dataset_name)
    except ValidationError as error:
        raise ImportRefused(f"{dataset_name!r}: {error.messages[0]}") from error
    if source.startswith(HUB):
        parse_hub(source)
    if format:
        format_named(format)
    return Import.objects.create(
        dataset_name=dataset_name,
        source=source,
        format=format,
        options=options_as_json(options or ReadOptions()),
        created_by=created_by,
    )


def start_import(
    *,
    dataset_name: str,
    source: str,
    format: str = "",
    options: ReadOptions | None = None,
    created_by: User | None = None,
) -> Import:
    """Queue an import; a data worker runs it."""
    from traces.tasks import run_import as task  # the task imports this module

    with transaction.atomic():
        started = create_import(
            dataset_name=dataset_name,
            source=source,
            format=format,
            options=options,
            created_by=created_by,
        )
        task.delay_on_commit(started.pk)
    return started


def run_import(import_id: int, progress: Progress | None = None) -> None:
    """Run the import unless it is over or runs elsewhere; its row says how that went.

    One whose process was killed runs again: the lock that says "it runs" ends with the process.
    """
    with _alone(import_id) as alone:
        if not alone or not _claim(import_id):
            return
        try:
            _run(Import.objects.get(pk=import_id), progress or Progress())
        except KeyboardInterrupt:
            _fail(import_id, "The import was stopped by hand; nothing of it was stored.")
            raise
        except (ValueError, OSError) as error:
            # The row says it; a command that waits prints it, once.
            logger.debug("Import %s: %s", import_id, error)
            _fail(import_id, _sentence(error))
        except DatabaseError as error:
            logger.exception("Import %s could not be stored", import_id)
            _fail(import_id, f"The database refused the rows, and nothing was stored: {error}")
        except Exception as error:
            logger.exception("Import %s failed", import_id)
            _fail(import_id, f"The import failed, and nothing was stored: {error!r}")


def close_silent_imports() -> int:
    """Imports whose worker has gone are failed, with a sentence that says what to do."""
    return Import.objects.filter(
        status=Import.Status.RUNNING, heartbeat_at__lt=timezone.now() - SILENT_AFTER
    ).update(
        status=Import.Status.FAILED,
        error="The worker that ran this import has gone, and nothing of it was stored; "
        "start it again.",
        ended_at=timezone.now(),
    )


def options_as_json(options: ReadOptions) -> dict[str, Any]:
    """What the options say beyond the defaults."""
    default = ReadOptions()
    names = [field.name for field in fields(ReadOptions) if field.init]
    chosen = {name: getattr(options, name) for name in names}
    chosen["mapping"] = dict(options.mapping)
    return {name: value for name, value in chosen.items() if value != getattr(default, name)}


@contextmanager
def _alone(import_id: int) -> Iterator[bool]:
    """Whether nobody else runs this import. The lock ends with the connection, and so with us."""
    name = [f"traces.run_import:{import_id}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", name)
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", name)


def _claim(import_id: int) -> bool:
    return bool(
        Import.objects.filter(
            pk=import_id, status__in=[Import.Status.QUEUED, Import.Status.RUNNING]
        ).update(status=Import.Status.RUNNING, heartbeat_at=timezone.now(), rows_read=0, rejected=0)
    )


def _run(running: Import, progress: Progress) -> None:
    with told_every_second(running.pk, progress) as stop_telling:
        files = find_files(running.source)  # may download, for as long as that takes
        rows = read_source(files, running.format, ReadOptions(**running.options))
        with transaction.atomic():
            stored = store(
                rows,
                dataset_name=running.dataset_name,
                import_id=running.pk,
                progress=progress,
            )
            with connection.cursor() as cursor:
                # References are checked now and not on commit, while the row still shows life.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            stop_telling()
            _finish(running.pk, stored.dataset_id, stored.counts)
    renew_statistics(stored.counts)
    link_stated_variants()


def _finish(import_id: int, dataset_id: int, counts: Counts) -> None:
    finished = Import.objects.filter(pk=import_id, status=Import.Status.RUNNING).update(
        status=Import.Status.FINISHED,
        dataset_id=dataset_id,
        ended_at=timezone.now(),
        **asdict(counts),
    )
    if not finished:
        raise ImportRefused("The import was closed while it ran, and nothing of it was stored.")


def _fail(import_id: int, sentence: str) -> None:
    if not connection.in_atomic_block and not connection.is_usable():
        connection.close()  # the next query opens another
    Import.objects.filter(pk=import_id, status=Import.Status.RUNNING).update(
        status=Import.Status.FAILED, error=sentence, ended_at=timezone.now()
    )


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename or 'The source'} could not be read: {error.strerror or error}."
    return str(error)
