"""Decisions on disputed items, and signatures of them."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from annotations.models.item import Item
from traces.fields import NulSafeTextField


class Decision(models.Model):
    """A reviewer's decision on a disputed item, or their signature of one (without a reason).

    `label` is 0-based, -1 for no error. Two people with the same label make the item a candidate
    for gold.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="decisions", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    label = models.SmallIntegerField()
    reason = NulSafeTextField(blank=True)
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="decision_once")]

    def __str__(self) -> str:
        return f"{self.label} by {self.user_id}"
