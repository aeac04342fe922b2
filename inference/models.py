"""Scorers, and the runs in which they judge traces.

A run is cut into shards; the shard's row is the truth about its work, whatever the broker thinks.
Schedules, workers and a run's log have modules of their own.
"""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from inference.events import RunEvent
from inference.querysets import RunQuerySet, ShardQuerySet
from inference.raw_outputs import RawOutput
from inference.schedules import Priority, Schedule
from inference.workers import Worker

__all__ = [
    "Priority",
    "RawOutput",
    "RunEvent",
    "Schedule",
    "Scorer",
    "ScoringRun",
    "Shard",
    "Worker",
]


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
    failed when one of them could not be done; the verdicts of the others stay. A queued or running
    one may be paused: shards at work end, no other begins; it then goes on, or ends like any.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "queued"
        RUNNING = "running", "running"
        PAUSED = "paused", "paused"
        FINISHED = "finished", "finished"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    scorer = models.ForeignKey(Scorer, models.PROTECT, related_name="runs")
    dataset = models.ForeignKey("traces.Dataset", models.CASCADE, related_name="scoring_runs")
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.QUEUED)
    # Higher ones first.
    priority = models.SmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    # Which of the dataset's traces: what stands in a `traces.datasets.trace_filter.TraceFilter`,
    # and under which
    # name it was saved; those alone that the scorer has not judged; those that came after a trace.
    choices = models.JSONField(default=dict, blank=True)
    filter_name = models.CharField(max_length=100, blank=True)
    only_missing = models.BooleanField(default=False)
    after_trace = models.BigIntegerField(null=True, blank=True)
    trace_count = models.PositiveIntegerField(default=0)
    schedule = models.ForeignKey(
        Schedule, models.SET_NULL, null=True, blank=True, related_name="runs"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        indexes = [
            # The runs whose shards are handed out, read by every worker after every shard.
            models.Index(
                fields=["-priority", "id"],
                condition=Q(status__in=["queued", "running"]),
                name="run_handing_out",
            )
        ]

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
