"""A worker's part in a training run: it starts the job in a process of its own and watches it.

The job may take all memory, crash or hang in a kernel, and torch is never loaded into the worker,
which stays small while it waits. The job stops by itself when its worker is gone.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.db.models import F
from django.utils import timezone

from exports.files.manifest import MANIFEST
from exports.storage.store import StoreError, download
from exports.storage.store import folder_of as export_folder
from training.jobs.files import ERROR, LOG, MODEL, STOPPED, write_run
from training.models import TrainingRun
from training.progress import latest
from training.runs import folder_of

LOOK_SECONDS = 1.0
# In a run's folder: the copy of an export that is in a bucket, until the run is finished.
COPY = "export"
# From being told to stop until being killed: enough for a checkpoint of some gigabytes.
STOP_SECONDS = 120.0


class RunGone(Exception):
    """The run was cancelled, or given to another worker."""


def train(run_id: int) -> None:
    """Do the run if it waits: a message that comes twice finds it taken."""
    claimed = TrainingRun.objects.filter(pk=run_id, status=TrainingRun.Status.QUEUED).update(
        status=TrainingRun.Status.RUNNING,
        attempts=F("attempts") + 1,
        worker=socket.gethostname(),
        heartbeat_at=timezone.now(),
    )
    if not claimed:
        return
    run = TrainingRun.objects.select_related("export").get(pk=run_id)
    if run.started_at is None:
        TrainingRun.objects.filter(pk=run_id).update(started_at=timezone.now())
    folder = folder_of(run)
    try:
        export = _export_on_disk(run, folder)
        write_run(folder, job=run.job, export=export, settings=run.parameters)
        process = _start(folder)
    except RunGone:
        return
    except StoreError as error:
        _end(run, failed=str(error))
        return
    except OSError as error:
        _end(run, failed=f"The run's folder could not be written: {error.strerror or error}.")
        return
    _watch(run, process, folder)


def _export_on_disk(run: TrainingRun, folder: Path) -> Path:
    """The export's folder. Of one in a bucket a copy is made, which a later attempt finds."""
    if not run.export.location:
        return export_folder(run.export)

    def beat() -> None:
        if not _beat(run, folder):
            raise RunGone

    if not (folder / COPY / MANIFEST).is_file():
        download(run.export, folder / COPY, beat)
    return folder / COPY


def _start(folder: Path) -> subprocess.Popen[bytes]:
    (folder / ERROR).unlink(missing_ok=True)
    with (folder / LOG).open("ab") as log:
        return subprocess.Popen(  # noqa: S603 our own interpreter and module
            [sys.executable, "-m", "training.jobs", str(folder), str(os.getpid())],
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


def _watch(run: TrainingRun, process: subprocess.Popen[bytes], folder: Path) -> None:
    """Until the process ends, or the run is no longer this worker's."""
    try:
        while process.poll() is None:
            if not _beat(run, folder):
                return
            time.sleep(LOOK_SECONDS)
        _record(run, process.returncode, folder)
    finally:
        _stop(process)


def _beat(run: TrainingRun, folder: Path) -> bool:
    """Write down how far the run is; false if it was cancelled or given to another worker."""
    now = {"heartbeat_at": timezone.now(), **latest(folder)}
    return bool(TrainingRun.objects.claimed_as(run).update(**now))


def _record(run: TrainingRun, code: int, folder: Path) -> None:
    _beat(run, folder)
    if code == 0:
        _end(run, model=str(folder / MODEL))
        shutil.rmtree(folder / COPY, ignore_errors=True)
    elif code == STOPPED:
        # The machine goes down: the next attempt starts from the checkpoint that it left.
        TrainingRun.objects.claimed_as(run).update(status=TrainingRun.Status.QUEUED)
    else:
        _end(run, failed=_reason(code, folder))


def _reason(code: int, folder: Path) -> str:
    """The sentence that the job left, or what is known of its end."""
    if (folder / ERROR).is_file():
        return (folder / ERROR).read_text()
    if code == -signal.SIGKILL:
        return "The job was killed, most likely for its memory: take smaller batches or LoRA."
    return f"The job ended with status {code}; the end of its log says more."


def _end(run: TrainingRun, *, failed: str = "", model: str = "") -> None:
    status = TrainingRun.Status.FAILED if failed else TrainingRun.Status.FINISHED
    TrainingRun.objects.claimed_as(run).update(
        status=status, error=failed, model=model, ended_at=timezone.now()
    )


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask, wait, then kill; nothing is left of a run that is another's or nobody's."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
