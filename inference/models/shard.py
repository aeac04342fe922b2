"""A shard of a scoring run: the job of one worker."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from inference.models.scoring_run import ScoringRun
from jobs.models import Job, JobProgress


class Shard(Job):
    """A run's traces by the few hundred, as one worker scores them.

    A message names no shard: the worker that gets it claims the most urgent one that waits, and a
    lead cancels the run and not its shards. A failed shard is queued again when a lead asks. Its
    run has the times and the person.
    """

    TASK = "inference.work"
    REAPER = "inference.shards.shard_reaper.reap"

    created_by = created_at = queued_at = sent_at = started_at = ended_at = None  # type: ignore[assignment]
    run = models.ForeignKey(ScoringRun, models.CASCADE, related_name="shards", db_index=False)
    number = models.PositiveIntegerField()
    trace_ids = ArrayField(models.BigIntegerField())
    # Of its traces, how many have a verdict from this run, and how many of those without an answer.
    judged = models.PositiveIntegerField(default=0)
    unparsable = models.PositiveIntegerField(default=0)
    # Why there was no answer: {sentence: [how many traces, the id of one of them]}.
    failures = models.JSONField(default=dict)
    seconds = models.FloatField(default=0)
    # What judging it cost, as the backend tells it.
    tokens = models.PositiveBigIntegerField(default=0)
    gpu_seconds = models.FloatField(default=0)

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

    @property
    def progress(self) -> JobProgress:
        return JobProgress(self.judged, len(self.trace_ids), "traces")

    @property
    def message_args(self) -> list[Any]:
        """Return the queue: the message of a shard says only that work waits there."""
        return [self.run.scorer.queue]
