"""Workers that have reported themselves (`inference.workers.registration`)."""

from datetime import timedelta
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

HEARTBEAT_SECONDS = 5.0
# Four heartbeats.
SILENT_AFTER = timedelta(seconds=20)


class WorkerQuerySet(models.QuerySet):
    def connected(self) -> Self:
        """Select the workers with a recent heartbeat by the database's clock."""
        return self.filter(stopped_at__isnull=True, heartbeat_at__gt=Now() - SILENT_AFTER)


class Worker(models.Model):
    """A worker process with its pool, on this host or another. It writes its row itself."""

    name = models.TextField(unique=True)  # Celery's node name, such as prm@host
    host = models.TextField()
    process = models.PositiveIntegerField()
    queues = ArrayField(models.TextField())
    # The scorers' backends whose packages it has, and `vllm` where it can serve a model itself.
    backends = ArrayField(models.TextField())
    # A line a device: what it is, and its memory.
    device = models.TextField(blank=True)
    # Of python, misstep, torch and the like, by name.
    versions = models.JSONField(default=dict)
    # How many shards it works on at a time.
    concurrency = models.PositiveIntegerField(default=1)
    # The scorer whose model it holds, and where.
    scorer = models.ForeignKey(
        "inference.Scorer", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    scorer_device = models.TextField(blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    heartbeat_at = models.DateTimeField(default=timezone.now)
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = WorkerQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
