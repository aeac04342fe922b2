"""Queue members and their roles."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from annotations.models.queue import Queue


class QueueMember(models.Model):
    """A person in a queue: their role, and whether they are screened or paused."""

    class Role(models.TextChoices):
        VIEWER = "viewer", "viewer"
        ANNOTATOR = "annotator", "annotator"
        REVIEWER = "reviewer", "reviewer"  # annotates, and decides disputes
        LEAD = "lead", "lead"

    queue = models.ForeignKey(Queue, models.CASCADE, related_name="members", db_index=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="queue_memberships"
    )
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.ANNOTATOR)
    screened_at = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    pause_reason = models.TextField(blank=True)
    # When a lead last resumed them; earlier answers no longer count for drift.
    resumed_at = models.DateTimeField(null=True, blank=True)
    # Where the next search among partially assigned items continues: see
    # `annotations.leases.assignment`.
    place_priority = models.FloatField(null=True, blank=True)
    place_item = models.BigIntegerField(null=True, blank=True)
    # The reviews that this person submitted here.
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
