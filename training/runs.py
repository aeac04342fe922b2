"""Start training runs and resume them; `training.run_worker` does the work."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import User
from exports.models import Export
from exports.storage.export_store import folder_of as export_folder
from jobs.queueing import enqueue_job
from jobs.transitions import requeue
from training.errors import TrainingRefused
from training.jobs import JOBS, jobs_for
from training.jobs.errors import JobError
from training.jobs.job_settings import read_settings
from training.models import TrainingRun


def start_run(
    export: Export, *, job: str, values: dict[str, Any], created_by: User | None
) -> TrainingRun:
    """Queue a run for a worker that offers training.

    Raises TrainingRefused for an unfinished export, a job that does not read it, and unknown
    settings.
    """
    _check(export, job, values)
    with transaction.atomic():
        run = TrainingRun.objects.create(
            export=export, job=job, parameters=values, created_by=created_by
        )
        enqueue_job(run)
    return run


def resume_run(run: TrainingRun) -> TrainingRun:
    """Let a failed or cancelled run go on from its last checkpoint. Raises JobRefused."""
    with transaction.atomic():
        requeue(run)
        enqueue_job(run)
    return run


def folder_of(run: TrainingRun) -> Path:
    return Path(settings.DATA_DIR) / "training" / str(run.pk)


def _check(export: Export, job: str, values: dict[str, Any]) -> None:
    if job not in JOBS:
        raise TrainingRefused(f"No job {job!r}. Jobs: {', '.join(JOBS)}.")
    if export.status != Export.Status.FINISHED:
        raise TrainingRefused(f"Export {export.pk} is {export.status}. Choose a finished export.")
    if JOBS[job] not in jobs_for(export.recipe):
        raise TrainingRefused(
            f"Export {export.pk} has rows for {export.recipe}; the job {job} reads exports for "
            f"{' or '.join(JOBS[job].recipes)}."
        )
    if not export.location and not export_folder(export).is_dir():
        raise TrainingRefused(f"The files of export {export.pk} no longer exist. Export again.")
    try:
        read_settings(JOBS[job].settings, values)
    except JobError as error:
        raise TrainingRefused(str(error)) from error
