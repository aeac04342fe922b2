"""The people who use the platform, and their API tokens."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone


class User(AbstractUser):
    """A person with a login. Annotators review; leads do that and everything else."""

    class Role(models.TextChoices):
        ANNOTATOR = "annotator", "annotator"
        LEAD = "lead", "lead"

    role = models.CharField(max_length=16, choices=Role.choices, default=Role.ANNOTATOR)

    # The identity provider's own name for the person (`sub`); unset until they log in there.
    sign_on_subject = models.CharField(
        max_length=255, null=True, blank=True, unique=True, editable=False
    )

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=["annotator", "lead"]), name="user_role_known"
            )
        ]

    @property
    def is_lead(self) -> bool:
        return self.is_superuser or self.role == self.Role.LEAD


class ApiToken(models.Model):
    """A person's key to the API, by its digest; the key itself was shown once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name
