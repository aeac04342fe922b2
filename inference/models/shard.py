"""Reads of runs and shards, under plain names."""

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from inference.models.scoring_run import ScoringRun

if TYPE_CHECKING:
    pass


class ShardQuerySet(models.QuerySet):
    def claimed(self, shard_id: int, attempt: int) -> Self:
        """The shard, as long as that claim of it holds."""
        return self.filter(pk=shard_id, status="running", attempts=attempt)


class Shard(models.Model):
    """A run's traces by the few hundred, as one worker scores them.

    queued -> running -> done | failed | cancelled; a silent running shard goes back to queued, and
    so does a failed one when a lead asks. `attempts` counts the claims and is the fence: only the
    worker whose claim it still is may write the result, so it never goes down.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "queued"
        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    OPEN = (Status.QUEUED, Status.RUNNING)

    run = models.ForeignKey(ScoringRun, models.CASCADE, related_name="shards", db_index=False)
    number = models.PositiveIntegerField()
    trace_ids = ArrayField(models.BigIntegerField())
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Fails when that many claims came to nothing; trying again allows more.
    attempts_allowed = models.PositiveSmallIntegerField(default=3)
    worker = models.TextField(blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    # Of its traces, how many have a verdict from this run, and how many of those without an answer.
    judged = models.PositiveIntegerField(default=0)
    unparsable = models.PositiveIntegerField(default=0)
    # Why there was no answer: {sentence: [how many traces, the id of one of them]}.
    failures = models.JSONField(default=dict)
    seconds = models.FloatField(default=0)
    # What judging it cost, as the backend tells it.
    tokens = models.PositiveBigIntegerField(default=0)
    gpu_seconds = models.FloatField(default=0)
    error = models.TextField(blank=True)

    objects = ShardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="shard_once"),
            models.CheckConstraint(
                condition=Q(unparsable__lte=F("judged")), name="shard_counts_true"
            ),
        ]
        indexes = [
            # The minute job that looks for silent shards reads this and nothing else.
            models.Index(
                fields=["heartbeat_at"], condition=Q(status="running"), name="shard_running"
            ),
            # The next one to hand out.
            models.Index(
                fields=["run", "number"], condition=Q(status="queued"), name="shard_waiting"
            ),
            # Whether anything of a run is left to do, asked at the end of every shard.
            models.Index(
                fields=["run"], condition=Q(status__in=["queued", "running"]), name="shard_open"
            ),
        ]

    def __str__(self) -> str:
        return f"shard {self.number} of run {self.run_id}"
