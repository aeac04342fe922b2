"""A worker's way through one job: claim, heartbeat, work, end."""

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from database.retry import is_connection_loss, retry_on_connection_loss
from jobs.heartbeat import EVERY, Heartbeat, heartbeat
from jobs.models import Job, JobLost, jobs_of
from jobs.transitions import clean_up, fail, finish, release

logger = logging.getLogger(__name__)

J = TypeVar("J", bound=Job)
# Does the work of a claimed job. Returns the fields to store with its end, or None if it has ended
# the job itself, as one does whose end belongs to its own transaction.
Work = Callable[[J, Heartbeat], dict[str, Any] | None]


def _explain(error: Exception) -> str:
    return f"It failed unexpectedly: {error!r}"


def run_job(
    kind: type[J],
    pk: int,
    work: Work[J],
    *,
    explain: Callable[[Exception], str] = _explain,
    expected: tuple[type[Exception], ...] = (),
    progress: Callable[[J], dict[str, Any]] = lambda job: {},
    every: float = EVERY,
) -> None:
    """Run the job if it is queued: a second message has no effect.

    An error of the work fails the job with the sentence that `explain` makes of it; one that is not
    among `expected` is logged too. When the database is lost the job is queued again and the error
    goes on to the task, which repeats it.
    """
    job = jobs_of(kind).claim(pk)
    if job is None:
        return
    try:
        with heartbeat(job, every=every, progress=partial(progress, job)) as beat:
            fields = work(job, beat)
            if fields is not None:
                retry_on_connection_loss(partial(finish, job, **fields))
    except JobLost:
        logger.info("%s was cancelled or taken over", job)
        clean_up(job)
    except Exception as error:
        _end_with(job, error, explain, isinstance(error, expected))
    except BaseException:
        # The worker is told to stop, or a person at a terminal stops it.
        _release(job)
        raise


def _end_with(
    job: Job, error: Exception, explain: Callable[[Exception], str], is_expected: bool
) -> None:
    if is_connection_loss(error):
        _release(job)
        raise error
    logger.log(logging.DEBUG if is_expected else logging.ERROR, "%s failed", job, exc_info=error)
    retry_on_connection_loss(partial(fail, job, explain(error)))
    clean_up(job)


def _release(job: Job) -> None:
    """Queue the job again. If the database stays away, the reaper does it after a silence."""
    with suppress(Exception):
        retry_on_connection_loss(partial(release, job, counts=False))
