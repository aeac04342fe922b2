"""Counters of a queue, shown on its pages."""

from django.db import models

from annotations.models.queue import Queue


class QueueCounter(models.Model):
    """Counts of a queue, sharded over several rows so that submits don't wait for each other.

    The queue's count is the sum of its rows; a single row may be negative.
    """

    SHARDS = 16

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="counters", db_index=False)
    shard = models.PositiveSmallIntegerField()
    items = models.IntegerField(default=0)
    answers = models.IntegerField(default=0)
    settled = models.IntegerField(default=0)
    disputed = models.IntegerField(default=0)
    discarded = models.IntegerField(default=0)
    bad_problems = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "shard"], name="queue_counter_once")
        ]

    def __str__(self) -> str:
        return f"counter {self.shard} of {self.queue_id}"
