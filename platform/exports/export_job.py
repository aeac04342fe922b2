"""Start exports and write them."""

import logging
import shutil
from contextlib import closing
from typing import Any

import msgspec
from django.db import connection, transaction

from accounts.models import User
from exports.curation.read import by_problem, chosen_count
from exports.curation.rule import Rule, parse_rule
from exports.curation.select import choose
from exports.errors import RuleError
from exports.files.folder import Plan, Written, publish_folder, write_folder
from exports.files.layout import Layout
from exports.files.split_writer import PARTIAL
from exports.models import CurationRule, Export, HeldIds
from exports.provenance import describe_provenance
from exports.recipes import RECIPES, options_from
from exports.storage.export_store import StoreError, folder_of, location_for, remove, upload
from jobs.execution import run_job
from jobs.heartbeat import Heartbeat
from jobs.queueing import enqueue_job
from traces.models import Dataset

logger = logging.getLogger(__name__)

# Seconds between two signs of life: a page that waits shows the traces written so far.
HEARTBEAT_SECONDS = 1.0


def start_export(
    dataset: Dataset,
    *,
    recipe: str,
    rule: Rule | CurationRule | None = None,
    options: dict[str, Any] | None = None,
    layout: Layout | None = None,
    to_bucket: bool = False,
    created_by: User | None = None,
) -> Export:
    """Queue an export; a data worker writes it. Raises RuleError for options that don't fit."""
    with transaction.atomic():
        export = new_export(
            dataset,
            recipe=recipe,
            rule=rule,
            options=options,
            layout=layout,
            to_bucket=to_bucket,
            created_by=created_by,
        )
        enqueue_job(export)
    return export


def new_export(
    dataset: Dataset,
    *,
    recipe: str,
    rule: Rule | CurationRule | None = None,
    options: dict[str, Any] | None = None,
    layout: Layout | None = None,
    to_bucket: bool = False,
    created_by: User | None = None,
) -> Export:
    """Create a queued export without sending it, for a caller that writes it itself.

    Raises RuleError for options that don't fit.
    """
    version = rule if isinstance(rule, CurationRule) else None
    said = parse_rule(version.rule) if version else rule or Rule()
    assert isinstance(said, Rule)
    chosen = options_from(recipe, options or {})
    export = Export.objects.create(
        dataset=dataset,
        recipe=recipe,
        rule_version=version,
        rule=said.as_json(),
        options=msgspec.to_builtins(chosen),
        layout=msgspec.to_builtins(layout or Layout()),
        created_by=created_by,
    )
    if to_bucket:
        export.location = location_for(export)
        export.save(update_fields=["location"])
    return export


def run_export(export_id: int) -> None:
    """Write the export if it is queued: for any other it does nothing."""
    run_job(
        Export,
        export_id,
        _work,
        explain=_explain,
        expected=(RuleError, StoreError),
        progress=_progress,
        every=HEARTBEAT_SECONDS,
    )


def discard(export: Export) -> None:
    """Remove the folder, the objects in the bucket and the index of an export that is not wanted.

    The export is over, or about to be written again by the same worker.
    """
    folder = folder_of(export)
    for path in (folder, folder.with_name(folder.name + PARTIAL)):
        shutil.rmtree(path, ignore_errors=True)
    if export.location:
        try:
            remove(export.location)
        except StoreError:
            # Without a manifest it looks like what it is; the export has its own sentence by now.
            logger.exception("Export %s left something behind", export.pk)
    HeldIds.objects.filter(export=export).delete()


def _work(export: Export, beat: Heartbeat) -> dict[str, Any]:
    """Write the folder and publish it. Return the fields that end the export's row."""
    if export.attempts > 1:
        discard(export)
    export.stage, export.trace_count = "choosing", None
    export.traces_done = export.row_count = 0
    written = _write(export, beat)
    beat.check()
    if export.location:
        upload(export, written.folder, export.location)
    else:
        publish_folder(written, folder_of(export))
    return {
        "stage": "",
        "manifest": written.manifest,
        "fingerprint": written.fingerprint,
        "row_count": written.tally.rows,
        "traces_done": written.tally.traces_seen,
        "trace_count": export.trace_count,
    }


def _progress(export: Export) -> dict[str, Any]:
    names = ("stage", "trace_count", "traces_done", "row_count")
    return {name: getattr(export, name) for name in names}


def _write(export: Export, beat: Heartbeat) -> Written:
    """Write the folder under its partial name, from one snapshot of the data."""
    recipe, rule = RECIPES[export.recipe], parse_rule(export.rule)
    options = options_from(export.recipe, export.options)
    layout = msgspec.convert(export.layout, Layout)
    folder = folder_of(export)

    def tell(traces: int, rows: int) -> None:
        export.traces_done, export.row_count = traces, rows
        beat.check()

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        left_out = choose(
            export.dataset,
            rule,
            for_training=recipe.for_training,
            keeps_copies=recipe.keeps_copies,
        )
        export.stage, export.trace_count = "writing", chosen_count()
        plan = Plan(
            recipe,
            options,
            layout,
            lambda tally: describe_provenance(export, rule, left_out, tally),
        )
        partial = folder.with_name(folder.name + PARTIAL)
        # Closed first where writing fails: rows on their way keep the connection from all else.
        with closing(by_problem(recipe)) as problems:
            written = write_folder(partial, plan, problems, tell)
        export.stage = "finishing"
    return written


def _explain(error: Exception) -> str:
    if isinstance(error, RuleError | StoreError):
        return str(error)
    if isinstance(error, OSError):
        return f"The folder couldn't be written: {error.strerror or error}."
    return f"The export failed. Its folder was removed: {error!r}"
