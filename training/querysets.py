"""Reads of training runs that are used more than once."""

from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet

if TYPE_CHECKING:
    from accounts.models import User
    from training.models import TrainingRun


class TrainingRunQuerySet(QuerySet["TrainingRun"]):
    def visible_to(self, user: "User") -> Self:
        """Runs are leads' business, as exports are."""
        return self if user.is_lead else self.none()

    def claimed_as(self, run: "TrainingRun") -> Self:
        """The run, while the claim that the caller got is still the one that counts."""
        return self.filter(pk=run.pk, status="running", attempts=run.attempts)

    def open(self) -> Self:
        return self.filter(status__in=["queued", "running"])
