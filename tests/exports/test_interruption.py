"""An export killed at any moment leaves nothing that looks complete."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from exports import export_job
from exports.export_job import new_export
from exports.files.layout import Layout
from exports.models import Export, HeldIds
from exports.recipes.base import Recipe
from exports.storage.export_store import folder_of
from exports.tasks import write_export
from jobs.reaper import reap_kind
from jobs.transitions import cancel
from tests.exports.exported import make_export, rows_of
from tests.factories import label, make_dataset, make_trace
from traces.models import Dataset

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]
ROWS = 400
# A process of its own, slowed down so that a kill falls into the writing: twenty rows a file, each
# waited for, then the manifest and the rename.
SCRIPT = """
import sys, time
import django
django.setup()
from django.conf import settings
from django.db import connection
from pathlib import Path
name, folder, export = sys.argv[1:]
connection.settings_dict["NAME"] = name
settings.DATA_DIR = Path(folder)
from exports import export_job
from exports.files import split_writer
split_writer.ROWS_AT_ONCE = 20
write = split_writer._write
split_writer._write = lambda *given: (time.sleep(0.03), write(*given))[1]
print("ready", flush=True)
export_job.run_export(int(export))
print("done", flush=True)
"""


def make_many() -> Dataset:
    dataset = make_dataset()
    for number in range(ROWS):
        label(make_trace(dataset, steps=[f"step {number}"]), -1)
    return dataset


def start_writing(export: Export) -> subprocess.Popen:
    name = str(Export.objects.db)
    from django.db import connections

    database = connections[name].settings_dict["NAME"]
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, database, str(django_settings.DATA_DIR), str(export.pk)],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def test_a_kill_at_any_moment_leaves_nothing_that_looks_complete():
    dataset = make_many()
    chance = random.Random(7)
    killed = 0
    for _ in range(6):
        layout = Layout(rows_per_file=20)
        export = new_export(dataset, recipe="processbench", layout=layout)
        process = start_writing(export)
        time.sleep(chance.uniform(0, 0.7))
        process.send_signal(signal.SIGKILL)
        process.wait()
        export.refresh_from_db()
        exports = folder_of(export).parent
        whole = [path for path in exports.glob("*") if not path.name.endswith(".partial")]
        if folder_of(export) in whole:
            # It was through with writing: then all of it is there.
            manifest = (folder_of(export) / "manifest.json").read_text()
            assert f'"rows": {ROWS}' in manifest
        else:
            killed += 1
            assert export.status in {"queued", "running"}
            assert not list(exports.glob(f"{export.pk}.partial/data/*[!l]"))
            assert not list(exports.glob(f"{export.pk}.partial/manifest.json"))
        Export.objects.filter(pk=export.pk, status="running").update(
            heartbeat_at=timezone.now() - 2 * Export.SILENT_AFTER
        )
        reap_kind(Export)
        export.refresh_from_db()
        assert export.status in {"queued", "failed", "finished"}
        if export.status == "failed":
            assert not list(exports.glob(f"{export.pk}*"))
            assert "Export again" in export.error
    assert killed >= 3
    assert len(rows_of(make_export(dataset, "processbench"))) == ROWS


def test_a_writer_whose_export_was_cancelled_meanwhile_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
):
    dataset = make_dataset()
    label(make_trace(dataset), 0)
    export = new_export(dataset, recipe="processbench")
    read = export_job.by_problem

    def read_and_cancel(recipe: Recipe):
        elsewhere(lambda: cancel(Export.objects.get(pk=export.pk)))
        yield from read(recipe)

    monkeypatch.setattr(export_job, "by_problem", read_and_cancel)
    export_job.run_export(export.pk)
    export.refresh_from_db()
    assert (export.status, export.error) == ("cancelled", "")
    assert not list(folder_of(export).parent.glob("*"))
    assert not HeldIds.objects.filter(export=export).exists()


@pytest.mark.parametrize("moment", ["by_problem", "publish_folder"])
def test_an_export_that_loses_the_database_is_written_again(
    monkeypatch: pytest.MonkeyPatch, moment: str
):
    dataset = make_dataset()
    label(make_trace(dataset), 0)
    export = new_export(dataset, recipe="processbench")
    step = getattr(export_job, moment)
    cuts = []

    def cut_off(*given):
        if not cuts:
            cuts.append(moment)
            pid = connection.connection.info.backend_pid
            elsewhere(lambda: end_session(pid))
        return step(*given)

    monkeypatch.setattr(export_job, moment, cut_off)
    write_export(export.pk)
    export.refresh_from_db()
    assert (export.status, export.error, export.row_count) == ("finished", "", 1)
    assert rows_of(export)
    assert [path.name for path in folder_of(export).parent.glob("*")] == [str(export.pk)]
    assert HeldIds.objects.filter(export=export, kind="trace").count() == 1


def end_session(pid: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])


def elsewhere(action: Callable[[], object]) -> None:
    """Do it in another session."""

    def act() -> None:
        action()
        connection.close()

    thread = Thread(target=act)
    thread.start()
    thread.join()
