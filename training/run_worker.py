"""A worker's part in a training run: it starts the job in a process of its own and watches it.

The job may take all memory, crash or hang in a kernel, and torch is never loaded into the worker,
which stays small while it waits. The job stops by itself when its worker is gone.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from database.retry import retry_on_connection_loss
from exports.files.manifest import MANIFEST
from exports.storage.export_store import StoreError, download
from exports.storage.export_store import folder_of as export_folder
from jobs.execution import run_job
from jobs.heartbeat import Heartbeat
from jobs.transitions import release
from training.jobs.files import ERROR, LOG, MODEL, STOPPED, write_run
from training.models import TrainingRun
from training.progress import read_progress
from training.runs import folder_of

LOOK_SECONDS = 1.0
# In a run's folder: the copy of an export that is in a bucket, until the run is finished.
COPY = "export"
# From being told to stop until being killed: enough for a checkpoint of some gigabytes.
STOP_SECONDS = 120.0


class TrainingFailed(Exception):
    """The job ended without a model, with the sentence that says why."""


def train(run_id: int) -> None:
    """Do the run if it is queued, in a process of its own."""
    run_job(
        TrainingRun,
        run_id,
        _train,
        explain=_explain,
        expected=(TrainingFailed, OSError),
        progress=lambda run: read_progress(folder_of(run)),
        every=LOOK_SECONDS,
    )


def _train(run: TrainingRun, beat: Heartbeat) -> dict[str, Any] | None:
    """Run the job's process to its end. Return the fields that end the run's row."""
    folder = folder_of(run)
    export = _export_on_disk(run, folder, beat)
    write_run(folder, job=run.job, export=export, settings=run.parameters)
    process = _start(folder)
    _watch(process, beat)
    return _record(run, process.returncode, folder)


def _export_on_disk(run: TrainingRun, folder: Path, beat: Heartbeat) -> Path:
    """Return the export's folder, or the copy of one in a bucket that later attempts find."""
    if not run.export.location:
        return export_folder(run.export)
    if not (folder / COPY / MANIFEST).is_file():
        download(run.export, folder / COPY, beat.check)
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


def _watch(process: subprocess.Popen[bytes], beat: Heartbeat) -> None:
    """Wait for the process to end. Raises JobLost, and stops it, when the run is not ours."""
    try:
        while process.poll() is None:
            beat.check()
            time.sleep(LOOK_SECONDS)
    finally:
        _stop(process)


def _record(run: TrainingRun, code: int, folder: Path) -> dict[str, Any] | None:
    """Store how far the job came, then end the run by the process's status."""
    claimed = TrainingRun.objects.claimed(run)
    retry_on_connection_loss(lambda: claimed.update(**read_progress(folder)))
    if code == STOPPED:
        # The machine goes down: the next attempt starts from the checkpoint that it left.
        retry_on_connection_loss(lambda: release(run))
        return None
    if code != 0:
        raise TrainingFailed(_reason(code, folder))
    shutil.rmtree(folder / COPY, ignore_errors=True)
    return {"model": str(folder / MODEL)}


def _reason(code: int, folder: Path) -> str:
    """Return the sentence that the job left, or what its status says."""
    if (folder / ERROR).is_file():
        return (folder / ERROR).read_text()
    if code == -signal.SIGKILL:
        return "The job was killed, probably out of memory: use a smaller batch size or LoRA."
    return f"The job ended with status {code}; the end of its log says more."


def _explain(error: Exception) -> str:
    if isinstance(error, TrainingFailed | StoreError):
        return str(error)
    if isinstance(error, OSError):
        return f"The run's folder couldn't be written: {error.strerror or error}."
    return f"The worker failed: {error!r}"


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
