"""Jobs that change many items of a queue: started, shown, cancelled."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from annotations.models import Queue, QueueJob
from jobs.models import OPEN, Status
from jobs.queueing import enqueue_job

SHOWN = 5
# A failed job stays on the queue's page for so long.
FAILED_SHOWN_FOR = timedelta(days=1)


def start_job(queue: Queue, kind: QueueJob.Kind, *, by: User | None = None) -> QueueJob:
    """Queue a change to the queue's items for a data worker."""
    with transaction.atomic():
        job = QueueJob.objects.create(queue=queue, kind=kind, created_by=by)
        enqueue_job(job)
    return job


def shown_jobs(queue: Queue) -> QuerySet[QueueJob]:
    """Return the queue's open jobs and the ones that failed within a day, the newest first."""
    failed = Q(status=Status.FAILED, ended_at__gt=timezone.now() - FAILED_SHOWN_FOR)
    return QueueJob.objects.filter(Q(status__in=OPEN) | failed, queue=queue).order_by("-pk")[:SHOWN]
