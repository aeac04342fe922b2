"""Runs that start by themselves. What starts them is in `inference.runs.schedules.scheduler`."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from traces.models import Dataset

if TYPE_CHECKING:
    from accounts.models import User


class Priority(models.IntegerChoices):
    LOW = -1, "low"
    NORMAL = 0, "normal"
    HIGH = 1, "high"


class ScheduleQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Select the schedules over datasets that the user may see."""
        return self.filter(dataset__in=Dataset.objects.visible_to(user))

    def due(self) -> Self:
        """Select the active schedules whose time has come."""
        return self.filter(is_active=True, next_at__lte=timezone.now())


class Schedule(models.Model):
    """The times at which a scorer judges a selection of a dataset.

    It is on until its time has come, if it has only one, or until a lead turns it off. `problem`
    says what went wrong the last time.
    """

    class When(models.TextChoices):
        AT = "at", "at a time"
        CRON = "cron", "on a cron schedule"
        NEW = "new", "when traces are added"

    scorer = models.ForeignKey("inference.Scorer", models.PROTECT, related_name="schedules")
    dataset = models.ForeignKey("traces.Dataset", models.CASCADE, related_name="schedules")
    # By name: a filter that is changed is followed, one that is gone is a problem and not a run
    # over everything.
    filter_name = models.CharField(max_length=100, blank=True)
    only_missing = models.BooleanField(default=False)
    priority = models.SmallIntegerField(choices=Priority.choices, default=Priority.NORMAL)
    when = models.CharField(max_length=16, choices=When.choices)
    cron = models.CharField(max_length=200, blank=True)
    # When it is looked at next; of traces that arrive, every minute.
    next_at = models.DateTimeField()
    # Of traces that arrive: those up to it are known.
    last_trace = models.BigIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    problem = models.TextField(blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(when="cron") ^ Q(cron=""), name="schedule_cron_line_where_needed"
            )
        ]
        indexes = [
            # The minute job that looks for those due reads this and nothing else.
            models.Index(fields=["next_at"], condition=Q(is_active=True), name="schedule_due")
        ]

    def __str__(self) -> str:
        return f"schedule {self.pk}"

    @property
    def when_said(self) -> str:
        """When, as a page says it."""
        return f"cron {self.cron}" if self.when == self.When.CRON else self.get_when_display()
