"""Queue members and their roles."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from annotations.models.queue import Queue


class QueueMember(models.Model):
    """A person in a queue: what they may do, whether they passed, whether they are paused."""

    class Role(models.TextChoices):
        VIEWER = "viewer", "viewer"
        ANNOTATOR = "annotator", "annotator"
        REVIEWER = "reviewer", "reviewer"  # annotates, and settles disputes
        LEAD = "lead", "lead"

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="members", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="queue_memberships"
    )
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.ANNOTATOR)
    screened_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.TextField(blank=True)
    # When a lead last let them go on; answers before it say nothing of a drift any more.
    resumed_at = models.DateTimeField(null=True, blank=True)
    # Where the next search among items that others have begun goes on: see
    # `annotations.leases.assignment`.
    place_priority = models.FloatField(null=True, blank=True)
    place_item = models.BigIntegerField(null=True, blank=True)
    # What this person did here.
    answers = models.PositiveIntegerField(default=0)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "user"], name="queue_member_once"),
            models.CheckConstraint(
                condition=Q(role__in=["viewer", "annotator", "reviewer", "lead"]),
                name="queue_member_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.queue_id}: {self.role}"
