"""The job that imports traces, and the rows that it could not store."""

from django.db import models

from jobs.models import Job, JobProgress


class Import(Job):
    """The import of one source into one dataset. Its traces show all at once, or never."""

    TASK = "traces.run_import"
    SILENCE_ERROR = (
        "The worker that ran this import has gone, and nothing of it was stored; start it again."
    )

    dataset_name = models.CharField(max_length=100)
    dataset = models.ForeignKey(
        "traces.Dataset", models.CASCADE, null=True, blank=True, related_name="imports"
    )
    # A path, an upload's name in storage, or hub:owner/name@revision.
    source = models.TextField()
    format = models.CharField(max_length=64, blank=True)  # empty: detected
    options = models.JSONField(default=dict, blank=True)
    rows_read = models.PositiveBigIntegerField(default=0)
    problems_new = models.PositiveBigIntegerField(default=0)
    traces_new = models.PositiveBigIntegerField(default=0)
    traces_known = models.PositiveBigIntegerField(default=0)
    # New traces whose content another trace of the dataset already has, under another id.
    traces_duplicate = models.PositiveBigIntegerField(default=0)
    labels_new = models.PositiveBigIntegerField(default=0)
    labels_changed = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def progress(self) -> JobProgress:
        return JobProgress(self.rows_read, None, "rows read")

    @property
    def shown_source(self) -> str:
        """Return the source without the server's folders."""
        return self.source if self.source.startswith("hub:") else self.source.rpartition("/")[2]


class ImportRejection(models.Model):
    """A row that could not be stored: its line, the field at fault, and the reason."""

    imported = models.ForeignKey(Import, models.CASCADE, related_name="rejections")
    line = models.PositiveBigIntegerField()
    field = models.TextField()
    reason = models.TextField()
    excerpt = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"line {self.line}, {self.field}: {self.reason}"
