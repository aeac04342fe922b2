"""Reads that are used twice, under plain names."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from traces.withholding import withheld_from

if TYPE_CHECKING:
    from accounts.models import User
    from traces.models import Dataset


class DatasetQuerySet(models.QuerySet):
    def visible_to(self, user: "User") -> Self:
        """Everyone with a login sees a dataset, unless it is for its members and leads only."""
        if not user.is_authenticated:
            return self.none()
        if user.is_lead:
            return self
        return self.filter(Q(members_only=False) | Q(pk__in=_joined(user)))

    def with_trace_count(self) -> Self:
        """`trace_count`: of the traces as they are cut today. The few that were cut anew are taken
        off by their own index; to look at each trace for that would read all their texts."""
        from traces.models import Trace

        def count(**which: bool) -> Coalesce:
            traces = Trace.objects.filter(dataset=OuterRef("pk"), **which).order_by()
            counted = traces.values("dataset").annotate(count=Count("pk")).values("count")
            return Coalesce(Subquery(counted), 0)

        return self.annotate(trace_count=count() - count(is_current_cut=False))


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

    def who_judged(self, dataset: "Dataset") -> Self:
        """Whose verdicts stand on traces of the dataset; one index probe a judge, however many
        verdicts there are. A dataset's traces came in together, so between its first and its last
        id there is hardly another's."""
        from traces.models import Trace, Verdict

        ends = Trace.objects.filter(dataset=dataset).aggregate(first=Min("pk"), last=Max("pk"))
        verdicts = Verdict.objects.current().filter(
            judge=OuterRef("pk"),
            trace__dataset=dataset,
            trace__gte=ends["first"] or 0,
            trace__lte=ends["last"] or 0,
        )
        # As a value, not by EXISTS: of that PostgreSQL makes a join that reads every verdict.
        return self.alias(verdict=Subquery(verdicts.values("pk")[:1])).filter(verdict__isnull=False)


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

    def readable_by(self, user: "User") -> Self:
        """Without those on traces that the user is still to review."""
        return self if user.is_lead else self.exclude(withheld_from(user))

    def withheld_from(self, user: "User") -> Self:
        return self.filter(withheld_from(user))


def _joined(user: "User") -> QuerySet:
    """The ids of the datasets that `user` is a member of."""
    return user.dataset_memberships.values("dataset")
