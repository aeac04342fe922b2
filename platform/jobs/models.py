"""The abstract job: one row of work for a background worker, and its queries.

A kind of job is a concrete model that inherits `Job` and names its Celery task. The row is the
truth about the work; a message only says that the row waits.
"""

import socket
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, ClassVar, Self, cast

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from accounts.errors import Refused

# A row without a message is young for so long: its transaction has just committed.
SEND_GRACE = timedelta(seconds=15)
# A message is overdue after so long, if its queue holds fewer messages than rows wait.
OVERDUE_AFTER = timedelta(seconds=30)


class Status(models.TextChoices):
    """The states of a job. Their labels are the words of every page, command and answer."""

    QUEUED = "queued", "queued"
    RUNNING = "running", "running"
    FINISHED = "finished", "finished"
    FAILED = "failed", "failed"
    CANCELLED = "cancelled", "cancelled"


OPEN = (Status.QUEUED, Status.RUNNING)


class Silence(models.TextChoices):
    """What the reaper does with a running job whose heartbeat stopped."""

    FAIL = "fail"
    REQUEUE = "requeue"


class JobLost(Exception):
    """The job was cancelled, closed or taken over: this worker may write nothing for it."""


class JobRefused(Refused):
    """A request that the job's state does not allow, with a sentence for the person."""


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far a job is: `done` of `total` units. `total` is None while nobody knows it."""

    done: int
    total: int | None
    unit: str


class JobQuerySet(models.QuerySet):
    def open(self) -> Self:
        """Select the jobs that wait or run."""
        return self.filter(status__in=OPEN)

    def claim(self, pk: int) -> Any | None:
        """Make the queued job this worker's and return it. Return None if it is not queued.

        Safe to repeat: of two claims that come together one gets the job.
        """
        claimed = self.filter(pk=pk, status=Status.QUEUED).update(
            status=Status.RUNNING,
            attempts=F("attempts") + 1,
            worker=socket.gethostname(),
            error="",
            heartbeat_at=Now(),
            started_at=Coalesce("started_at", Now()),
            ended_at=None,
        )
        return self.get(pk=pk) if claimed else None

    def claimed(self, job: "Job") -> Self:
        """Select the job while the claim that `job` was read under still counts."""
        return self.filter(pk=job.pk, status=Status.RUNNING, attempts=job.attempts)

    def silent(self) -> Self:
        """Select the running jobs whose worker gave no sign of life for too long."""
        silence: timedelta = self.model.SILENT_AFTER  # type: ignore[attr-defined]
        return self.filter(status=Status.RUNNING, heartbeat_at__lt=Now() - silence)

    def unsent(self) -> Self:
        """Select the queued jobs whose message the broker never took."""
        return self.filter(
            status=Status.QUEUED, sent_at__isnull=True, queued_at__lt=Now() - SEND_GRACE
        )

    def overdue(self) -> Self:
        """Select the queued jobs whose message was sent a while ago and may be lost."""
        return self.filter(status=Status.QUEUED, sent_at__lt=Now() - OVERDUE_AFTER)


class Job(models.Model):
    """queued -> running -> finished | failed | cancelled; a queued one may be cancelled too.

    A running job goes back to queued when its worker falls silent, loses the database or stops. A
    failed or cancelled one may be queued again where its kind offers that. `attempts` counts the
    claims and is the fencing token: a worker may write only while it equals its own claim's count,
    so it never goes down.
    """

    Status = Status
    OPEN = OPEN
    # The name of the Celery task that takes the row's id.
    TASK: ClassVar[str]
    ON_SILENCE: ClassVar[Silence] = Silence.REQUEUE
    SILENT_AFTER: ClassVar[timedelta] = timedelta(minutes=2)
    # What a reader is told of a job that failed on silence.
    SILENCE_ERROR: ClassVar[str] = "Its worker fell silent: it was stopped, or ran out of memory."
    # Dotted names of functions that know more than a model may. `CLEAN_UP` gets a job that failed,
    # was cancelled or was taken over, and removes what that attempt left; `REAPER` reaps the kind.
    CLEAN_UP: ClassVar[str] = ""
    REAPER: ClassVar[str] = "jobs.reaper.reap_kind"

    status = models.CharField(max_length=16, choices=Status.choices, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    # The job fails on silence once so many claims came to nothing.
    attempts_allowed = models.PositiveSmallIntegerField(default=3, db_default=3)
    worker = models.TextField(blank=True, default="", db_default="")
    error = models.TextField(blank=True, default="", db_default="")
    # When it last began to wait, and when the broker last took its message: null until then.
    queued_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    heartbeat_at = models.DateTimeField(null=True, blank=True, editable=False)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)

    objects = JobQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_over(self) -> bool:
        return self.status not in OPEN

    @property
    def seconds(self) -> float | None:
        """Seconds from its first start to its end or until now; None before it started."""
        if self.started_at is None:
            return None
        return ((self.ended_at or timezone.now()) - self.started_at).total_seconds()

    @property
    def progress(self) -> JobProgress | None:
        """How far it is, where its kind counts something."""
        return None

    @property
    def message_args(self) -> list[Any]:
        """The arguments of its task."""
        return [self.pk]


def job_kinds() -> list[type[Job]]:
    """Return every concrete job model, in the order of the installed apps."""
    return [model for model in apps.get_models() if issubclass(model, Job)]


def jobs_of(kind: type[Job]) -> JobQuerySet:
    """Return the queryset of all jobs of a kind."""
    return cast(JobQuerySet, kind._default_manager.all())
