"""Jobs that nobody works on though they are not over: their worker is gone, or their message.

Runs every minute, over all kinds, a bounded number of rows at a time.
"""

import logging
from collections import defaultdict

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from database.retry import is_connection_loss
from jobs.models import Job, Silence, Status, job_kinds, jobs_of
from jobs.queueing import BrokerAway, messages_waiting, queue_of, send_job
from jobs.transitions import clean_up

logger = logging.getLogger(__name__)

# Rows of a kind in one round; the next round comes in a minute.
AT_ONCE = 500


def reap() -> None:
    """Fail or requeue silent jobs of every kind, then send the queued ones whose message is lost.

    A kind that raises is logged and does not keep the others waiting; a lost database is raised.
    """
    for kind in job_kinds():
        try:
            import_string(kind.REAPER)(kind)
        except Exception as error:
            if is_connection_loss(error):
                raise
            logger.exception("Jobs of the kind %s can't be reaped", kind.__name__)
    resend_lost()


def reap_kind(kind: type[Job]) -> int:
    """Queue the silent jobs of a kind again or fail them. Return how many they were."""
    with transaction.atomic():
        silent = jobs_of(kind).silent().select_for_update(skip_locked=True, of=["self"])
        jobs = list(silent.order_by("pk")[:AT_ONCE])
        ids = [job.pk for job in jobs]
        running = jobs_of(kind).filter(pk__in=ids, status=Status.RUNNING)
        failing = Q(attempts__gte=F("attempts_allowed"))
        if kind.ON_SILENCE == Silence.FAIL:
            failing = Q(pk__in=ids)
        running.filter(failing).update(
            status=Status.FAILED, error=kind.SILENCE_ERROR, ended_at=Now()
        )
        running.update(
            status=Status.QUEUED,
            error=Job.SILENCE_ERROR,
            queued_at=Now(),
            sent_at=None,
            heartbeat_at=None,
        )
    for job in jobs_of(kind).filter(pk__in=ids, status=Status.FAILED):
        clean_up(job)
    for job in jobs_of(kind).filter(pk__in=ids, status=Status.QUEUED):
        send_job(job)
    return len(ids)


def resend_lost() -> int:
    """Send queued jobs that have no message. Return how many were sent.

    A job whose message the broker never took has none. One whose message was sent may still be in
    line behind others, so these are sent again only where a queue holds fewer messages than jobs.
    """
    kinds: dict[str, list[type[Job]]] = defaultdict(list)
    for kind in job_kinds():
        if kind.REAPER == Job.REAPER:
            kinds[queue_of(kind.TASK)].append(kind)
    try:
        return sum(_resend(queue, members) for queue, members in kinds.items())
    except BrokerAway as error:
        logger.warning("The broker is away, queued jobs are sent later: %s", error)
        return 0


def _resend(queue: str, kinds: list[type[Job]]) -> int:
    waiting = sum(jobs_of(kind).filter(status=Status.QUEUED).count() for kind in kinds)
    if not waiting:
        return 0
    may_be_lost = messages_waiting(queue) < waiting
    sent = 0
    for kind in kinds:
        jobs = jobs_of(kind).unsent()
        if may_be_lost:
            jobs = jobs | jobs_of(kind).overdue()
        for job in jobs.order_by("pk")[:AT_ONCE]:
            if not send_job(job):
                raise BrokerAway(f"after {sent} messages")
            sent += 1
    return sent
