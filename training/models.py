"""Training runs: one job on one export."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from jobs.models import Job, JobProgress, JobQuerySet

if TYPE_CHECKING:
    from accounts.models import User


class TrainingRunQuerySet(JobQuerySet):
    def visible_to(self, user: "User") -> Self:
        """Return all runs for a lead and none for other users."""
        return self if user.is_lead else self.none()


class TrainingRun(Job):
    """One job of training on one export.

    The run's folder has the checkpoints, so a new attempt continues from the last one.
    """

    TASK = "training.train"
    SILENCE_ERROR = "Its worker stopped responding repeatedly: it was stopped or ran out of memory."

    export = models.ForeignKey("exports.Export", models.PROTECT, related_name="training_runs")
    # The name of a job in training.jobs, and its settings.
    job = models.CharField(max_length=32)
    parameters = models.JSONField(default=dict)
    # Updates done and in total, and the metrics, downsampled for a chart.
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(null=True, blank=True)
    metrics = models.JSONField(default=list, blank=True)
    log = models.TextField(blank=True)  # its last lines
    # The folder of the trained model, once there is one.
    model = models.TextField(blank=True)
    scorer = models.ForeignKey(
        "inference.Scorer", models.SET_NULL, null=True, blank=True, related_name="training_runs"
    )

    objects = TrainingRunQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(steps__isnull=True) | Q(step__lte=F("steps")),
                name="training_step_in_range",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | Q(error__gt=""), name="training_failure_explained"
            ),
        ]
        indexes = [
            # For the reaper, which looks for silent and lost runs every minute.
            models.Index(
                fields=["status"],
                condition=Q(status__in=["queued", "running"]),
                name="training_open",
            )
        ]

    def __str__(self) -> str:
        return f"training run {self.pk}"

    @property
    def progress(self) -> JobProgress:
        return JobProgress(self.step, self.steps, "updates")

    @property
    def base(self) -> str:
        return str(self.parameters.get("base", ""))
