"""The members of a dataset and their roles in it."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from accounts.models import User


def joined_datasets(user: "User") -> QuerySet:
    """Return the ids of the datasets that `user` is a member of."""
    return user.dataset_memberships.values("dataset")


class DatasetMember(models.Model):
    """A person's role in a dataset, in addition to their role on the site."""

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
