"""An export killed at any moment leaves nothing that looks complete."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from exports import run
from exports.files.layout import Layout
from exports.heartbeat import SILENT_AFTER
from exports.models import Export, HeldIds
from exports.run import close_silent_exports, new_export
from exports.storage.store import folder_of
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
from exports import exporting
from exports.files import splits
splits.CHUNK, splits.CHUNKS_AT_ONCE = 20, 1
write = splits._write
splits._write = lambda *given: (time.sleep(0.03), write(*given))[1]
print("ready", flush=True)
exporting.run_export(int(export))
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
            heartbeat_at=timezone.now() - 2 * SILENT_AFTER
        )
        close_silent_exports()
        export.refresh_from_db()
        assert export.status in {"queued", "failed", "finished"}
        if export.status == "failed":
            assert not list(exports.glob(f"{export.pk}*"))
            assert "start the export again" in export.error
    assert killed >= 3
    assert len(rows_of(make_export(dataset, "processbench"))) == ROWS


def test_a_writer_whose_export_was_closed_meanwhile_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
):
    dataset = make_dataset()
    label(make_trace(dataset), 0)
    export = new_export(dataset, recipe="processbench")
    monkeypatch.setattr(run, "by_problem", closing(export, run.by_problem))
    run.run_export(export.pk)
    export.refresh_from_db()
    assert (export.status, export.error) == ("failed", "Closed.")
    assert not list(folder_of(export).parent.glob("*"))
    assert not HeldIds.objects.filter(export=export).exists()


def closing(export: Export, read):
    """Reads the rows, and has the export closed by someone else on the way."""

    def read_and_close(recipe):
        from django.db import connections

        other = connections.create_connection("default")
        with other.cursor() as cursor:
            cursor.execute(
                "UPDATE exports_export SET status = 'failed', error = 'Closed.' WHERE id = %s",
                [export.pk],
            )
        other.close()
        yield from read(recipe)

    return read_and_close
