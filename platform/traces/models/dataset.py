"""Datasets, and the ones that a person may see."""

from typing import TYPE_CHECKING, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from traces.models.dataset_member import joined_datasets
from traces.models.trace import Trace

if TYPE_CHECKING:
    from accounts.models import User


class DatasetQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Return the public datasets and those of the user; leads see all, strangers none."""
        if not user.is_authenticated:
            return self.none()
        if user.is_lead:
            return self
        return self.filter(Q(members_only=False) | Q(pk__in=joined_datasets(user)))

    def with_trace_count(self) -> Self:
        """Annotate `trace_count`, the number of traces with their current segmentation.

        The few traces that were segmented again are counted by an index of their own and
        subtracted: to check each trace would read all their texts.
        """

        def count(**condition: bool) -> Coalesce:
            traces = Trace.objects.filter(dataset=OuterRef("pk"), **condition).order_by()
            counts = traces.values("dataset").annotate(count=Count("pk")).values("count")
            return Coalesce(Subquery(counts), 0)

        return self.annotate(trace_count=count() - count(is_current_segmentation=False))


dataset_name = RegexValidator(
    r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,99}\Z",
    "A dataset name consists of letters, digits, dots, dashes and underscores, at most 100.",
)


class Dataset(models.Model):
    """Problems and traces that are imported and reported together."""

    name = models.CharField(max_length=100, unique=True, validators=[dataset_name])
    description = models.TextField(blank=True)
    # Its problems stay out of training exports, and their copies elsewhere are flagged.
    is_benchmark = models.BooleanField(default=False)
    # Only its members and leads see it, instead of everyone with a login.
    members_only = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DatasetQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
