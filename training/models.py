"""Training runs: one job on one export."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import User


class TrainingRunQuerySet(QuerySet["TrainingRun"]):
    def visible_to(self, user: "User") -> Self:
        """Runs are leads' business, as exports are."""
        return self if user.is_lead else self.none()

    def claimed_as(self, run: "TrainingRun") -> Self:
        """The run, while the claim that the caller got is still the one that counts."""
        return self.filter(pk=run.pk, status="running", attempts=run.attempts)

    def open(self) -> Self:
        return self.filter(status__in=["queued", "running"])


class TrainingRun(models.Model):
    """queued -> running -> finished | failed | cancelled; a silent one goes back to queued.

    `attempts` counts the claims and is the fence: only the worker whose claim it still is may
    write. The run's folder has the checkpoints, so another attempt goes on where the last one was.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "queued"
        RUNNING = "running", "running"
        FINISHED = "finished", "finished"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"

    OPEN = (Status.QUEUED, Status.RUNNING)

    export = models.ForeignKey("exports.Export", models.PROTECT, related_name="training_runs")
    # The name of a job in training.jobs, and its settings.
    job = models.CharField(max_length=32)
    parameters = models.JSONField(default=dict)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    attempts_allowed = models.PositiveSmallIntegerField(default=3)
    # When its message was last put on the queue.
    sent_at = models.DateTimeField(default=timezone.now)
    worker = models.TextField(blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    # Updates done, of how many; and the lines of the metrics, thinned to what a curve shows.
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(null=True, blank=True)
    metrics = models.JSONField(default=list, blank=True)
    log = models.TextField(blank=True)  # its end
    error = models.TextField(blank=True)
    # Where the trained model is, once there is one.
    model = models.TextField(blank=True)
    scorer = models.ForeignKey(
        "inference.Scorer", models.SET_NULL, null=True, blank=True, related_name="training_runs"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = TrainingRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(steps__isnull=True) | Q(step__lte=F("steps")),
                name="training_step_in_range",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") ^ Q(error__gt=""), name="training_failure_said"
            ),
        ]
        indexes = [
            # The minute job that looks for silent and lost runs reads this and nothing else.
            models.Index(
                fields=["status"],
                condition=Q(status__in=["queued", "running"]),
                name="training_open",
            )
        ]

    def __str__(self) -> str:
        return f"training run {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.status not in self.OPEN

    @property
    def seconds(self) -> float | None:
        """From its first start to its end, or until now; None before."""
        if self.started_at is None:
            return None
        return ((self.ended_at or timezone.now()) - self.started_at).total_seconds()

    @property
    def base(self) -> str:
        return str(self.parameters.get("base", ""))
