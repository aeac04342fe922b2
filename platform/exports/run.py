"""Exports as rows of the database: started, written in the background, closed when silent."""

import logging
import shutil
from contextlib import closing
from typing import Any

import msgspec
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from exports.curation.read import by_problem, chosen_count
from exports.curation.rule import Rule, rule_from
from exports.curation.select import choose
from exports.errors import RuleError
from exports.files.folder import Plan, Written, appear, write_folder
from exports.files.layout import Layout
from exports.files.splits import PARTIAL
from exports.heartbeat import SILENT_AFTER, ExportGone, beating, staying_alive
from exports.models import CurationRule, Export, HeldIds
from exports.provenance import describe_provenance
from exports.recipes import RECIPES, options_from
from exports.storage.store import StoreError, folder_of, location_for, remove, upload
from traces.models import Dataset

logger = logging.getLogger(__name__)


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
    from exports.tasks import write_export  # the task imports this module

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
        write_export.delay_on_commit(export.pk)
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
    """An export that nobody was asked to write yet."""
    version = rule if isinstance(rule, CurationRule) else None
    said = rule_from(version.rule) if version else rule or Rule()
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
    """Write the export if nobody has: a second run of a finished or claimed one changes nothing."""
    claimed = Export.objects.filter(pk=export_id, status=Export.Status.QUEUED).update(
        status=Export.Status.RUNNING, stage="choosing", heartbeat_at=timezone.now()
    )
    if not claimed:
        return
    export = Export.objects.select_related("dataset", "rule_version").get(pk=export_id)
    try:
        with staying_alive(export):
            _finish(export, _write(export))
    except ExportGone:
        _discard(export)
    except (RuleError, StoreError) as error:
        _fail(export, str(error))
    except OSError as error:
        logger.exception("Export %s could not be written", export_id)
        _fail(export, f"The folder could not be written: {error.strerror or error}.")
    except Exception as error:
        # Whatever it was, the row says so at once rather than when the heartbeat is missed.
        logger.exception("Export %s failed", export_id)
        _fail(export, f"The export failed, and no folder was left: {error!r}")


def close_silent_exports() -> int:
    """Exports whose worker has gone are failed, with a sentence that says what to do."""
    silent = Export.objects.filter(
        status=Export.Status.RUNNING, heartbeat_at__lt=timezone.now() - SILENT_AFTER
    )
    closed = 0
    for export in silent:
        sentence = "The worker that wrote this export has gone; start the export again."
        closed += _fail(export, sentence)
    return closed


def _write(export: Export) -> Written:
    """The folder under its partial name, from one snapshot of the data."""
    recipe, rule = RECIPES[export.recipe], rule_from(export.rule)
    options = options_from(export.recipe, export.options)
    layout = msgspec.convert(export.layout, Layout)
    folder = folder_of(export)
    with beating(export) as beats, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        left_out = choose(
            export.dataset,
            rule,
            for_training=recipe.for_training,
            keeps_copies=recipe.keeps_copies,
        )
        beats.begin("writing", trace_count=chosen_count())
        plan = Plan(
            recipe,
            options,
            layout,
            lambda tally: describe_provenance(export, rule, left_out, tally),
        )
        partial = folder.with_name(folder.name + PARTIAL)
        # Closed first where writing fails: rows on their way keep the connection from all else.
        with closing(by_problem(recipe)) as problems:
            written = write_folder(partial, plan, problems, beats.progress)
        beats.begin("finishing")
    return written


def _finish(export: Export, written: Written) -> None:
    if export.location:
        upload(export, written.folder, export.location)
    else:
        appear(written, folder_of(export))
    done = Export.objects.filter(pk=export.pk, status=Export.Status.RUNNING).update(
        status=Export.Status.FINISHED,
        stage="",
        manifest=written.manifest,
        fingerprint=written.fingerprint,
        row_count=written.tally.rows,
        traces_done=written.tally.traces_seen,
        ended_at=timezone.now(),
    )
    if not done:
        raise ExportGone


def _fail(export: Export, sentence: str) -> int:
    """Say why and leave no folder; 0 where the export was over already."""
    failed = Export.objects.filter(pk=export.pk, status=Export.Status.RUNNING).update(
        status=Export.Status.FAILED, stage="", error=sentence, ended_at=timezone.now()
    )
    if failed:
        _discard(export)
    return failed


def _discard(export: Export) -> None:
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
