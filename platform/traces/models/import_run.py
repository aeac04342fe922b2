"""The record of an import: what came in, what did not, and why."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Import(models.Model):
    """queued -> running -> finished | failed. Its traces show all at once, or not at all."""

    class Status(models.TextChoices):
        QUEUED = "queued", "queued"
        RUNNING = "running", "running"
        FINISHED = "finished", "finished"
        FAILED = "failed", "failed"

    dataset_name = models.CharField(max_length=100)
    dataset = models.ForeignKey(
        "traces.Dataset", models.CASCADE, null=True, blank=True, related_name="imports"
    )
    # A path, an upload's name in storage, or hub:owner/name@revision.
    source = models.TextField()
    format = models.CharField(max_length=64, blank=True)  # empty: detected
    options = models.JSONField(default=dict, blank=True)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.QUEUED)
    rows_read = models.PositiveBigIntegerField(default=0)
    problems_new = models.PositiveBigIntegerField(default=0)
    traces_new = models.PositiveBigIntegerField(default=0)
    traces_known = models.PositiveBigIntegerField(default=0)
    # New traces whose content another trace of the dataset already has, under another id.
    traces_duplicate = models.PositiveBigIntegerField(default=0)
    labels_new = models.PositiveBigIntegerField(default=0)
    labels_changed = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    error = models.TextField(blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.status in {self.Status.FINISHED, self.Status.FAILED}

    @property
    def shown_source(self) -> str:
        """The source without the server's folders."""
        return self.source if self.source.startswith("hub:") else self.source.rpartition("/")[2]


class ImportRejection(models.Model):
    """A row that could not be stored: where it stands, which field is at fault, and why."""

    imported = models.ForeignKey(Import, models.CASCADE, related_name="rejections")
    line = models.PositiveBigIntegerField()
    field = models.TextField()
    reason = models.TextField()
    excerpt = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"line {self.line}, {self.field}: {self.reason}"
