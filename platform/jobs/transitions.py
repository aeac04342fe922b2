"""The moves of a job between its states, each a conditional UPDATE.

The worker's moves ask for its claim, so a worker that was given up changes nothing.
"""

import logging
from typing import Any

from django.db.models import F
from django.db.models.functions import Now
from django.utils.module_loading import import_string
from django.utils.text import capfirst

from database.retry import retry_on_connection_loss
from jobs.models import OPEN, Job, JobLost, JobRefused, Status, jobs_of

logger = logging.getLogger(__name__)


def finish(job: Job, **fields: Any) -> None:
    """Mark the job finished and store the fields with it. Raises JobLost if it is not ours.

    Safe to repeat: where the connection was lost after the commit, the second call sees the first.
    """
    jobs = jobs_of(type(job))
    finished = jobs.claimed(job).update(status=Status.FINISHED, error="", ended_at=Now(), **fields)
    if (
        not finished
        and not jobs.filter(pk=job.pk, status=Status.FINISHED, attempts=job.attempts).exists()
    ):
        raise JobLost


def fail(job: Job, error: str, **fields: Any) -> bool:
    """Mark the job failed with a sentence for its reader. Return False if it is not ours."""
    failed = jobs_of(type(job)).claimed(job)
    return bool(failed.update(status=Status.FAILED, error=error, ended_at=Now(), **fields))


def release(job: Job, error: str = "", *, counts: bool = True) -> bool:
    """Queue a job again that its worker can't end. Return False if it is not ours.

    With `counts=False` the attempt is not held against the job: the machine stopped, not the work.
    """
    released = jobs_of(type(job)).claimed(job)
    allowed = F("attempts_allowed") + (0 if counts else 1)
    return bool(
        released.update(
            status=Status.QUEUED,
            error=error,
            attempts_allowed=allowed,
            queued_at=Now(),
            sent_at=None,
            heartbeat_at=None,
        )
    )


def cancel(job: Job) -> None:
    """Cancel a job that waits or runs. Raises JobRefused if it is over already.

    The worker of a running one notices at its next heartbeat; nothing is written after this.
    """
    jobs = jobs_of(type(job))
    has_no_worker = jobs.silent().filter(pk=job.pk).exists()
    waited = jobs.filter(pk=job.pk, status=Status.QUEUED).update(
        status=Status.CANCELLED, ended_at=Now()
    )
    cancelled = waited or jobs.filter(pk=job.pk, status__in=OPEN).update(
        status=Status.CANCELLED, ended_at=Now()
    )
    job.refresh_from_db()
    if not cancelled:
        raise JobRefused(f"{capfirst(str(job))} is {job.status}: there is nothing to cancel.")
    if waited or has_no_worker:
        clean_up(job)


def requeue(job: Job, *, attempts: int = 3) -> None:
    """Queue a failed or cancelled job again. Raises JobRefused in any other state."""
    over = jobs_of(type(job)).filter(pk=job.pk, status__in=[Status.FAILED, Status.CANCELLED])
    queued = over.update(
        status=Status.QUEUED,
        error="",
        ended_at=None,
        queued_at=Now(),
        sent_at=None,
        heartbeat_at=None,
        attempts_allowed=F("attempts") + attempts,
    )
    job.refresh_from_db()
    if not queued:
        raise JobRefused(f"{capfirst(str(job))} is {job.status}. There is nothing to resume.")


def clean_up(job: Job) -> None:
    """Remove what the job's attempt left. An error is logged: the row has its error."""
    if not job.CLEAN_UP:
        return
    try:
        retry_on_connection_loss(lambda: import_string(job.CLEAN_UP)(job))
    except Exception:
        logger.exception("%s left something", job)
