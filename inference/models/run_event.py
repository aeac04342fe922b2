"""A run's log: what happened to it, and who asked for it."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class RunEvent(models.Model):
    """One line. Written with whatever it tells of, in one transaction, and never changed."""

    run = models.ForeignKey("inference.ScoringRun", models.CASCADE, related_name="events")
    sentence = models.TextField()
    # The user who asked for it; null if nobody did.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.sentence
