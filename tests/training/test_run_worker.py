"""The worker of training runs: jobs finish, fail, stop, resume and survive."""

import json
import os
import signal
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from exports.files.manifest import MANIFEST
from exports.models import Export
from exports.storage.export_store import folder_of as folder_of_export
from exports.storage.export_store import location_for, upload
from jobs.heartbeat import heartbeat
from jobs.models import JobLost
from jobs.reaper import reap_kind
from jobs.transitions import cancel
from tests.buckets import BUCKET
from tests.factories import make_user
from tests.waiting import comes_true
from training import run_worker
from training.jobs.files import STOPPED, write_run
from training.jobs.trackers import read_metrics
from training.models import TrainingRun
from training.runs import folder_of, resume_run, start_run

pytestmark = pytest.mark.django_db(transaction=True)

Exports = Callable[[str], Export]


def started(export: Export, base: Path, **values) -> TrainingRun:
    settings = {"base": str(base), "steps": 4, "batch_size": 2, **values}
    return start_run(export, job="prm", values=settings, created_by=make_user(role="lead"))


def claimed(export: Export, base: Path, **values) -> TrainingRun:
    """Return a run that a worker has just claimed, with its folder."""
    run = started(export, base, **values)
    TrainingRun.objects.filter(pk=run.pk).update(
        status="running", attempts=1, heartbeat_at=timezone.now()
    )
    run.refresh_from_db()
    folder, export_folder = folder_of(run), folder_of_export(export)
    write_run(folder, job=run.job, export=export_folder, settings=run.parameters)
    return run


def test_a_run_is_trained_once_and_leaves_a_model(finished_export: Exports, base: Path):
    run = started(finished_export("prm"), base)
    run_worker.train(run.pk)
    run.refresh_from_db()
    assert (run.status, run.error) == ("finished", "")
    assert (run.step, run.steps, run.attempts) == (4, 4, 1)
    assert [line["step"] for line in run.metrics] == [1, 2, 3, 4]
    assert "step 4" in run.log
    assert (Path(run.model) / "config.json").is_file()
    run_worker.train(run.pk)
    run.refresh_from_db()
    assert run.attempts == 1


def test_a_run_that_can_not_continue_has_a_reason(finished_export: Exports, tmp_path: Path):
    run = started(finished_export("prm"), tmp_path / "nowhere")
    run_worker.train(run.pk)
    run.refresh_from_db()
    assert run.status == "failed"
    assert run.error.startswith("The tokenizer of") and "can't be loaded" in run.error


def test_a_cancelled_runs_job_stops_and_leaves_a_checkpoint(finished_export: Exports, base: Path):
    run = claimed(finished_export("prm"), base, steps=100_000, checkpoint_every=0)
    folder = folder_of(run)
    process = run_worker._start(folder)
    assert comes_true(lambda: read_metrics(folder))
    with heartbeat(run, every=0.1) as beat, pytest.raises(JobLost):
        cancel(TrainingRun.objects.get(pk=run.pk))
        run_worker._watch(process, beat)
    assert process.returncode == STOPPED
    assert (folder / "checkpoint.pt").is_file()
    run.refresh_from_db()
    assert run.status == "cancelled"
    resume_run(run)
    assert (run.status, run.ended_at) == ("queued", None)


def test_a_killed_workers_run_continues_from_its_checkpoint(finished_export: Exports, base: Path):
    run = claimed(finished_export("prm"), base, steps=400, checkpoint_every=3)
    folder = folder_of(run)
    process = run_worker._start(folder)
    assert comes_true((folder / "checkpoint.pt").is_file)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    done = read_metrics(folder)[-1]["step"]
    assert reap_kind(TrainingRun) == 0
    TrainingRun.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=5))
    assert reap_kind(TrainingRun) == 1
    run_worker.train(run.pk)
    run.refresh_from_db()
    assert (run.status, run.attempts, run.step) == ("finished", 2, 400)
    steps = [line["step"] for line in read_metrics(folder)]
    assert steps == list(range(1, 401))
    assert run.log.count("step 1:") <= 1 or done < 3


def test_a_job_ends_when_its_worker_is_gone(finished_export: Exports, base: Path):
    """Start the job with the id of a process that is not its parent."""
    import subprocess
    import sys

    run = claimed(finished_export("prm"), base, steps=100_000)
    command = [sys.executable, "-m", "training.jobs", str(folder_of(run)), "1"]
    assert subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == STOPPED


def test_a_run_whose_workers_die_repeatedly_fails(finished_export: Exports, base: Path):
    run = claimed(finished_export("prm"), base)
    long_ago = timezone.now() - timedelta(minutes=5)
    TrainingRun.objects.update(heartbeat_at=long_ago, attempts=3)
    assert reap_kind(TrainingRun) == 1
    run.refresh_from_db()
    assert (run.status, run.error) == ("failed", TrainingRun.SILENCE_ERROR)


@pytest.fixture
def export_in_bucket(finished_export: Exports, store: Any) -> Export:
    export = finished_export("prm")
    export.manifest = json.loads((folder_of_export(export) / MANIFEST).read_bytes())
    export.location = location_for(export)
    export.save()
    upload(export, folder_of_export(export), export.location)
    return export


def test_an_export_in_a_bucket_is_copied_for_the_run(export_in_bucket: Export, base: Path):
    run = started(export_in_bucket, base)
    run_worker.train(run.pk)
    run.refresh_from_db()
    assert (run.status, run.error, run.step) == ("finished", "", 4)
    assert not (folder_of(run) / run_worker.COPY).exists()


def test_a_file_missing_from_the_bucket_fails_the_run_with_a_message(
    export_in_bucket: Export, base: Path, store: Any
):
    (name,) = export_in_bucket.manifest["files"]
    store.delete_object(Bucket=BUCKET, Key=f"team/{export_in_bucket.pk}/{name}")
    run = started(export_in_bucket, base)
    run_worker.train(run.pk)
    run.refresh_from_db()
    assert run.status == "failed"
    assert run.error.startswith(f"team/{export_in_bucket.pk}/{name} can't be read from {BUCKET}")


def test_a_run_that_is_cancelled_while_its_export_is_copied_ends(
    export_in_bucket: Export, base: Path, monkeypatch: pytest.MonkeyPatch
):
    run = started(export_in_bucket, base)
    copy = run_worker.download

    def cancelled(export: Export, folder: Path, check: Callable[[], None]) -> None:
        cancel(TrainingRun.objects.get(pk=run.pk))
        comes_true(check, 10)
        copy(export, folder, check)

    monkeypatch.setattr(run_worker, "download", cancelled)
    run_worker.train(run.pk)
    run.refresh_from_db()
    assert (run.status, run.error) == ("cancelled", "")
    assert not (folder_of(run) / run_worker.COPY / MANIFEST).exists()


def test_a_run_outlives_the_loss_of_the_database(
    finished_export: Exports, base: Path, monkeypatch: pytest.MonkeyPatch
):
    run = started(finished_export("prm"), base)
    record = run_worker._record

    def cut_off(*given: Any) -> Any:
        with pytest.raises(OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return record(*given)

    monkeypatch.setattr(run_worker, "_record", cut_off)
    run_worker.train(run.pk)
    run.refresh_from_db()
    assert (run.status, run.error, run.attempts, run.step) == ("finished", "", 1, 4)
