"""Named filters of a dataset's traces, shared by runs, queues and exports."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class SavedFilter(models.Model):
    """The choices of `traces.datasets.trace_filter.TraceFilter`, as a page's address has them."""

    dataset = models.ForeignKey("traces.Dataset", models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=100)
    choices = models.JSONField(default=dict, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dataset", "name"], name="saved_filter_once")
        ]

    def __str__(self) -> str:
        return self.name
