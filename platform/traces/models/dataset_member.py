"""Who may see and do what in one dataset."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class DatasetMember(models.Model):
    """A person's role in a dataset, beside their role on the site."""

    class Role(models.TextChoices):
        VIEWER = "viewer", "viewer"
        ANNOTATOR = "annotator", "annotator"
        REVIEWER = "reviewer", "reviewer"  # annotates, and settles disputes
        LEAD = "lead", "lead"

    dataset = models.ForeignKey("traces.Dataset", models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="dataset_memberships"
    )
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.ANNOTATOR)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "dataset"], name="dataset_member_once"),
            models.CheckConstraint(
                condition=Q(role__in=["viewer", "annotator", "reviewer", "lead"]),
                name="dataset_member_role_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.dataset_id}: {self.role}"
