"""The job of a change to many items of a queue."""

from django.db import models

from annotations.models.queue import Queue
from jobs.models import Job


class QueueJob(Job):
    """A change to the items of a queue that is too slow for a request. Each can run twice."""

    class Kind(models.TextChoices):
        FILL = "fill", "add traces"
        WIDEN = "widen", "raise overlap"
        RELEASE = "release", "release held items"
        REORDER = "reorder", "reorder items"

    TASK = "annotations.run_queue_job"

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=16, choices=Kind.choices)

    class Meta:
        indexes = [
            # The jobs that a queue's page shows.
            models.Index(
                fields=["queue"],
                condition=models.Q(status__in=["queued", "running", "failed"]),
                name="queue_job_shown",
            )
        ]

    def __str__(self) -> str:
        return f"job {self.pk} of queue {self.queue_id} ({self.get_kind_display()})"
