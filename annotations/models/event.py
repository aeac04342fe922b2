"""Events: the queue's append-only log."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from annotations.models.item import Item
from annotations.models.queue import Queue


class Event(models.Model):
    """One thing that happened in a queue. Rows are only ever added."""

    class Kind(models.TextChoices):
        CREATED = "created", "queue created"
        FILLED = "filled", "traces added"
        CHANGED = "changed", "settings changed"
        STATUS = "status", "opened, paused or closed"
        MEMBER = "member", "member changed"
        GRANTED = "granted", "item assigned"
        RELEASED = "released", "item returned"
        EXPIRED = "expired", "item returned after idle time"
        SHOWN = "shown", "model verdicts shown"
        SUBMITTED = "submitted", "review submitted"
        REVISED = "revised", "review changed"
        WITHDRAWN = "withdrawn", "review withdrawn by a lead"
        FINISHED = "finished", "closed without a review"
        SETTLED = "settled", "item settled"
        DISPUTED = "disputed", "item in dispute"
        DISCARDED = "discarded", "item discarded"
        BAD_PROBLEM = "bad_problem", "bad problem reported"
        REOPENED = "reopened", "item reopened"
        DECIDED = "decided", "dispute decided"
        SIGNED = "signed", "decision signed"
        GOLD = "gold", "gold item changed"
        SCREENED = "screened", "screening passed or failed"
        PAUSED = "paused", "annotator paused"

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    item = models.ForeignKey(
        Item, models.CASCADE, null=True, blank=True, related_name="events", db_index=False
    )
    # The person who did it; null for the platform itself.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    at = models.DateTimeField(default=timezone.now)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            # The log of a queue, in order, and its latest; of an item, on its page.
            models.Index(fields=["queue", "id"], name="event_of_queue"),
            models.Index(
                fields=["item", "id"], condition=models.Q(item__isnull=False), name="event_of_item"
            ),
            # How labels changed after a reveal, on the page of a queue's people.
            models.Index(fields=["queue"], condition=models.Q(kind="shown"), name="event_shown"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="event_unchanged",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="RAISE EXCEPTION 'The log of a queue is only ever added to.';",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"
