"""Which trace comes next, and how far a person has come."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import User
from traces.models import Dataset, Trace, Verdict


@dataclass(frozen=True, slots=True)
class Progress:
    dataset: Dataset
    reviewed: int
    total: int


def next_trace(dataset: Dataset, user: User, *, after: int = 0) -> Trace | None:
    """The first trace past `after` that `user` has not judged, else the first from the start."""
    mine = Verdict.objects.current().filter(trace=OuterRef("pk"), judge__user=user)
    waiting = Trace.objects.filter(~Exists(mine), dataset=dataset).order_by("pk")
    return waiting.filter(pk__gt=after).first() or waiting.filter(pk__lte=after).first()


def progress(user: User) -> list[Progress]:
    """How many traces of each dataset `user` has reviewed, in one query."""
    mine = Q(
        traces__verdicts__judge__user=user,
        traces__verdicts__is_current=True,
    )
    datasets = (
        Dataset.objects.visible_to(user)
        .annotate(
            total=Count("traces", distinct=True),
            reviewed=Count("traces", filter=mine, distinct=True),
        )
        .order_by("-created_at")
    )
    return [Progress(dataset, dataset.reviewed, dataset.total) for dataset in datasets]


def progress_in(dataset: Dataset, user: User) -> Progress:
    reviewed = Verdict.objects.current().filter(judge__user=user, trace__dataset=dataset).count()
    return Progress(dataset, reviewed, dataset.traces.count())
