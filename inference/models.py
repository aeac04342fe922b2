"""Scorers, and the runs in which they judge traces.

A run is cut into shards; the shard's row is the truth about its work, whatever the broker thinks.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from inference.querysets import RunQuerySet, ShardQuerySet
from inference.raw_outputs import RawOutput

__all__ = ["RawOutput", "Scorer", "ScoringRun", "Shard"]


class Scorer(models.Model):
    """A model-based judge's exact recipe. Immutable: a change makes a new scorer.

    The database refuses an update of a recipe: see the first migration.
    """

    class Kind(models.TextChoices):
        PRM = "prm", "process reward model"
        CRITIC = "critic", "critic"
        CHECKER = "checker", "checker"

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    # The name of a backend in inference.backends.
    backend = models.CharField(max_length=64)
    model = models.TextField(blank=True)  # a hub id or a folder of the worker's
    revision = models.TextField(blank=True)
    # A step scored below it is wrong; null where the backend gives no scores.
    threshold = models.FloatField(null=True, blank=True)
    parameters = models.JSONField(default=dict, blank=True)
    # What the verdicts are written under.
    judge = models.OneToOneField("traces.Judge", models.PROTECT, related_name="scorer")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["prm", "critic", "checker"]), name="scorer_kind_known"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def queue(self) -> str:
        """The Celery queue of the workers that can run it."""
        return self.kind


class ScoringRun(models.Model):
    """One scorer over one selection of traces.

    queued -> running -> finished | failed | cancelled. A run is finished when every shard is done,
    failed when one of them could not be done; the verdicts of the others stay.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "queued"
        RUNNING = "running", "running"
        FINISHED = "finished", "finished"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    scorer = models.ForeignKey(Scorer, models.PROTECT, related_name="runs")
    dataset = models.ForeignKey("traces.Dataset", models.CASCADE, related_name="scoring_runs")
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.QUEUED)
    trace_count = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RunQuerySet.as_manager()

    def __str__(self) -> str:
        return f"run {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.status in {
            self.Status.FINISHED,
            self.Status.FAILED,
            self.Status.CANCELLED,
        }


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
    # When its message was last put on the queue.
    sent_at = models.DateTimeField(default=timezone.now)
    worker = models.TextField(blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    # Of its traces, how many have a verdict from this run, and how many of those without an answer.
    judged = models.PositiveIntegerField(default=0)
    unparsable = models.PositiveIntegerField(default=0)
    # Why there was no answer: {sentence: [how many traces, the id of one of them]}.
    failures = models.JSONField(default=dict)
    seconds = models.FloatField(default=0)
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
            # Whether anything of a run is left to do, asked at the end of every shard.
            models.Index(
                fields=["run"], condition=Q(status__in=["queued", "running"]), name="shard_open"
            ),
        ]

    def __str__(self) -> str:
        return f"shard {self.number} of run {self.run_id}"
