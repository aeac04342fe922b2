"""Drafts of reviews, and the keys of accepted submits."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from annotations.models.item import Item
from annotations.models.lease import Lease


class Draft(models.Model):
    """A person's unsubmitted review of an item. `version` counts the saves."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="drafts", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts")
    content = models.TextField()  # JSON as text: jsonb can't hold U+0000
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="draft_once")]

    def __str__(self) -> str:
        return f"draft of {self.user_id} on {self.item_id}"


class Submission(models.Model):
    """One accepted submit, by the key that the page made for it: same key, same submit."""

    key = models.UUIDField(primary_key=True)
    lease = models.ForeignKey(Lease, models.CASCADE, related_name="submissions")
    verdict = models.ForeignKey("traces.Verdict", models.CASCADE, related_name="submissions")
    submitted_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.key)
