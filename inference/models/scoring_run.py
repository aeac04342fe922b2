"""Scoring runs: one scorer over a selection of traces."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from inference.models.schedule import Priority, Schedule
from inference.models.scorer import Scorer
from traces.models import Dataset

if TYPE_CHECKING:
    from accounts.models import User


class RunQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Select the runs over datasets that the user may see."""
        return self.filter(dataset__in=Dataset.objects.visible_to(user))

    def going(self) -> Self:
        """Select the runs that are neither finished, failed nor cancelled."""
        return self.filter(status__in=["queued", "running", "paused"])

    def handing_out(self) -> Self:
        """Select the runs whose shards workers may take."""
        return self.filter(status__in=["queued", "running"])

    def with_judged(self) -> Self:
        """Annotate `judged` and `unparsable`, summed over the shards in the same query."""
        return self.annotate(
            judged=Coalesce(models.Sum("shards__judged"), 0),
            unparsable=Coalesce(models.Sum("shards__unparsable"), 0),
        )


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
    # The selection of traces: the choices of a `traces.datasets.trace_filter.TraceFilter` and the
    # name they were saved under; only traces not yet judged; only traces after this id.
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
