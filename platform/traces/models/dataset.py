"""Datasets and who may see them."""

from typing import TYPE_CHECKING, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import User


class DatasetQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Everyone with a login sees a dataset, unless it is for its members and leads only."""
        if not user.is_authenticated:
            return self.none()
        if user.is_lead:
            return self
        return self.filter(Q(members_only=False) | Q(pk__in=joined_datasets(user)))

    def with_trace_count(self) -> Self:
        """`trace_count`: of the traces as they are cut today. The few that were cut anew are taken
        off by their own index; to look at each trace for that would read all their texts."""
        from traces.models.trace import Trace

        def count(**which: bool) -> Coalesce:
            traces = Trace.objects.filter(dataset=OuterRef("pk"), **which).order_by()
            counted = traces.values("dataset").annotate(count=Count("pk")).values("count")
            return Coalesce(Subquery(counted), 0)

        return self.annotate(trace_count=count() - count(is_current_cut=False))


def joined_datasets(user: "User") -> QuerySet:
    """The ids of the datasets that `user` is a member of."""
    return user.dataset_memberships.values("dataset")


dataset_name = RegexValidator(
    r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z",
    "A dataset's name has letters, digits, dots, dashes and underscores, at most 100 of them.",
)


class Dataset(models.Model):
    """Problems and traces that came in together and are reported together."""

    name = models.CharField(max_length=100, unique=True, validators=[dataset_name])
    description = models.TextField(blank=True)
    # Its problems stay out of training exports, and their copies elsewhere are flagged.
    is_benchmark = models.BooleanField(default=False)
    # Seen by its members and by leads alone, rather than by everyone with a login.
    members_only = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DatasetQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
