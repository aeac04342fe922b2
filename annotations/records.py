"""What is kept beside the verdicts: who did what when, remarks on steps, and decisions."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from annotations.items import Item
from annotations.queues import Queue
from traces.fields import ExactTextField


class Event(models.Model):
    """One thing that happened in a queue. Rows are only ever added."""

    class Kind(models.TextChoices):
        CREATED = "created", "queue created"
        FILLED = "filled", "traces added"
        CHANGED = "changed", "settings changed"
        STATUS = "status", "opened, paused or closed"
        MEMBER = "member", "member changed"
        GRANTED = "granted", "item given"
        RELEASED = "released", "item given back"
        EXPIRED = "expired", "lease ran out"
        SHOWN = "shown", "shown what models said"
        SUBMITTED = "submitted", "review submitted"
        REVISED = "revised", "review changed"
        WITHDRAWN = "withdrawn", "review withdrawn by a lead"
        FINISHED = "finished", "finished without a review"
        SETTLED = "settled", "item settled"
        DISPUTED = "disputed", "item in dispute"
        DISCARDED = "discarded", "item discarded"
        BAD_PROBLEM = "bad_problem", "problem called bad"
        REOPENED = "reopened", "item opened again"
        DECIDED = "decided", "dispute decided"
        SIGNED = "signed", "decision signed"
        GOLD = "gold", "gold changed"
        SCREENED = "screened", "screening passed or failed"
        PAUSED = "paused", "annotator paused"

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="events", db_index=False)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    item = models.ForeignKey(
        Item, models.CASCADE, null=True, blank=True, related_name="events", db_index=False
    )
    # Who did it; null for the platform itself.
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

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M}"


class StepComment(models.Model):
    """A remark on a step, for the lead. `step` is 0-based; null is the trace as a whole."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="comments")
    step = models.PositiveSmallIntegerField(null=True, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    text = ExactTextField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"comment {self.pk}"


class Decision(models.Model):
    """What a reviewer decided on an item in dispute, or that they agree with such a decision.

    `label` is 0-based, -1 for no error. Two people with the same label make the item a candidate
    for gold.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="decisions", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    label = models.SmallIntegerField()
    reason = ExactTextField(blank=True)
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="decision_once")]

    def __str__(self) -> str:
        return f"{self.label} by {self.user_id}"
