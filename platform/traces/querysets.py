"""Reads that are used twice, under plain names."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

if TYPE_CHECKING:
    from accounts.models import User


class DatasetQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Everyone with a login sees a dataset, unless it is for its members and leads only."""
        if not user.is_authenticated:
            return self.none()
        if user.is_lead:
            return self
        return self.filter(Q(members_only=False) | Q(pk__in=_joined(user)))


class TraceQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        if not user.is_authenticated:
            return self.none()
        if user.is_lead:
            return self
        return self.filter(Q(dataset__members_only=False) | Q(dataset__in=_joined(user)))

    def current_cuts(self) -> Self:
        """Without the traces that were cut anew since."""
        return self.filter(is_current_cut=True)


class JudgeQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Models are open to all; who else judged is for those who may see what they judged."""
        # Below the models that are made of this module's classes.
        from traces.models import Dataset, Verdict

        if not user.is_authenticated:
            return self.none()
        if user.is_lead:
            return self
        seen = Dataset.objects.visible_to(user).values("pk")
        judged = Verdict.objects.current().filter(judge=OuterRef("pk"), trace__dataset__in=seen)
        return self.filter(Q(kind="model") | Q(dataset__in=seen) | Exists(judged))


class GeneratorQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Who sees a trace of a generator's knows that there is such a generator; and leads do."""
        from traces.models import Trace

        if not user.is_authenticated:
            return self.none()
        if user.is_lead:
            return self
        return self.filter(Exists(Trace.objects.visible_to(user).filter(generator=OuterRef("pk"))))


class VerdictQuerySet(models.QuerySet):
    def current(self) -> Self:
        return self.filter(is_current=True)


def _joined(user: "User") -> QuerySet:
    """The ids of the datasets that `user` is a member of."""
    return user.dataset_memberships.values("dataset")
