"""Comments on steps, for the lead."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from annotations.models.item import Item
from traces.fields import NulSafeTextField


class StepComment(models.Model):
    """A remark on a step, for the lead. `step` is 0-based; null is the trace as a whole."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="comments")
    step = models.PositiveSmallIntegerField(null=True, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = NulSafeTextField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"comment {self.pk}"
