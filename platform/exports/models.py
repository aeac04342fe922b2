"""Exports: immutable snapshots of curated rows in a recipe's format."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Export(models.Model):
    """queued -> running -> finished | failed. The folder appears whole, by a rename, at the end."""

    class Status(models.TextChoices):
        QUEUED = "queued", "queued"
        RUNNING = "running", "running"
        FINISHED = "finished", "finished"
        FAILED = "failed", "failed"

    recipe = models.CharField(max_length=64)
    dataset = models.ForeignKey("traces.Dataset", models.PROTECT, related_name="exports")
    # Which rows, by whose verdicts, how written: the choices of exports.selection, as JSON.
    choices = models.JSONField(default=dict)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.QUEUED)
    row_count = models.PositiveBigIntegerField(default=0)
    # What was written, from which verdicts, with the sha256 of every file.
    manifest = models.JSONField(null=True, blank=True)
    error = models.TextField(blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"export {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.status in {self.Status.FINISHED, self.Status.FAILED}
