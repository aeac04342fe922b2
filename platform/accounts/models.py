"""Who uses the platform."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person with a login. Annotators review; leads do that and everything else."""

    class Role(models.TextChoices):
        ANNOTATOR = "annotator", "annotator"
        LEAD = "lead", "lead"

    role = models.CharField(max_length=16, choices=Role.choices, default=Role.ANNOTATOR)

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=["annotator", "lead"]), name="user_role_known"
            )
        ]

    @property
    def is_lead(self) -> bool:
        return self.is_superuser or self.role == self.Role.LEAD
