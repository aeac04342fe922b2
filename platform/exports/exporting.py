"""Exports as rows of the database: started, written in the background, closed when silent."""

import logging
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from accounts.models import User
from exports.models import Export
from exports.recipes import RECIPES
from exports.selection import Choices, by_problem, labelled_traces
from exports.writing import write_folder
from traces.models import Dataset, Judge

logger = logging.getLogger(__name__)

SILENT_AFTER = timedelta(minutes=5)


def start_export(
    dataset: Dataset, *, recipe: str, choices: Choices, created_by: User | None
) -> Export:
    """Queue an export; a data worker writes it."""
    from exports.tasks import write_export  # the task imports this module

    with transaction.atomic():
        export = Export.objects.create(
            dataset=dataset, recipe=recipe, choices=choices.as_json(), created_by=created_by
        )
        write_export.delay_on_commit(export.pk)
    return export


def folder_of(export: Export) -> Path:
    return Path(settings.DATA_DIR) / "exports" / str(export.pk)


def run_export(export_id: int) -> None:
    """Write the export if nobody has: a second run of a finished or claimed one changes nothing."""
    claimed = Export.objects.filter(pk=export_id, status=Export.Status.QUEUED).update(
        status=Export.Status.RUNNING, heartbeat_at=timezone.now()
    )
    if not claimed:
        return
    export = Export.objects.select_related("dataset").get(pk=export_id)
    try:
        export.manifest = _write(export)
        export.row_count = export.manifest["rows"]
        export.status = Export.Status.FINISHED
    except OSError as error:
        logger.exception("Export %s could not be written", export_id)
        export.error = f"The folder could not be written: {error.strerror or error}."
        export.status = Export.Status.FAILED
    except Exception as error:
        # Whatever it was, the row says so at once rather than when the heartbeat is missed.
        logger.exception("Export %s failed", export_id)
        export.error = f"The export failed, and no folder was left: {error!r}"
        export.status = Export.Status.FAILED
    export.ended_at = timezone.now()
    export.save()


def close_silent_exports() -> int:
    """Exports whose worker has gone are failed, with a sentence that says what to do."""
    return Export.objects.filter(
        status=Export.Status.RUNNING, heartbeat_at__lt=timezone.now() - SILENT_AFTER
    ).update(
        status=Export.Status.FAILED,
        error="The worker that wrote this export has gone; start the export again.",
        ended_at=timezone.now(),
    )


def _write(export: Export) -> dict[str, Any]:
    choices = Choices.from_json(export.choices)
    return write_folder(
        folder_of(export),
        RECIPES[export.recipe],
        by_problem(labelled_traces(export.dataset_id, choices)),
        about={
            "export": export.pk,
            "dataset": export.dataset.name,
            "created_at": export.created_at.isoformat(),
            "rule": choices.as_json(),
        },
        describe_judges=_describe_judges,
        progress=lambda rows: _beat(export.pk, rows),
    )


def _beat(export_id: int, rows: int) -> None:
    """Progress goes through a connection of its own: the rows are read in one long transaction."""
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute(
                "UPDATE exports_export SET row_count = %s, heartbeat_at = now() WHERE id = %s",
                [rows, export_id],
            )
    finally:
        other.close()


def _describe_judges(counts: Counter[int]) -> list[dict[str, Any]]:
    """The judges whose verdicts count, and on how many traces."""
    judges = Judge.objects.filter(pk__in=counts).order_by("pk")
    return [
        {
            "id": judge.pk,
            "kind": judge.kind,
            "name": judge.name,
            "revision": judge.revision,
            "verdicts": counts[judge.pk],
        }
        for judge in judges
    ]
