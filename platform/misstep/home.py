"""The home page: open queues, decisions to make, and the first steps of a new site."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from annotations.models import Queue, QueueCounter, StepComment
from annotations.queues.tables import QueueRow, queues_of
from exports.models import Export
from inference.models import ScoringRun
from traces.models import Dataset

LISTED = 8


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """How far a lead has come on the way from traces to a training set."""

    datasets: int
    runs: int
    queues: int
    people: int  # annotators with an open login
    exports: int

    @property
    def are_done(self) -> bool:
        return all((self.datasets, self.runs, self.queues, self.people, self.exports))


def first_steps(user: User) -> FirstSteps:
    """Count what a lead has set up so far, without the datasets' own queues. Five queries."""
    return FirstSteps(
        datasets=Dataset.objects.visible_to(user).count(),
        runs=ScoringRun.objects.count(),
        queues=Queue.objects.visible_to(user).filter(is_default=False).count(),
        people=User.objects.filter(role=User.Role.ANNOTATOR, is_active=True).count(),
        exports=Export.objects.count(),
    )


def waiting_decisions(user: User) -> QuerySet[Queue]:
    """Return the lead's queues with `disputed` items or open `comments`, most disputed first."""
    tallies = QueueCounter.objects.filter(queue=OuterRef("pk")).order_by().values("queue")
    comments = (
        StepComment.objects.filter(item__queue=OuterRef("pk"), resolved_at=None)
        .order_by()
        .values("item__queue")
    )
    return (
        Queue.objects.visible_to(user)
        .select_related("dataset")
        .annotate(
            disputed=Coalesce(Subquery(tallies.annotate(all=Sum("disputed")).values("all")), 0),
            comments=Coalesce(Subquery(comments.annotate(all=Count("pk")).values("all")), 0),
        )
        .filter(Q(disputed__gt=0) | Q(comments__gt=0))
        .order_by("-disputed", "-comments", "pk")
    )


def open_queues(user: User) -> list[QueueRow]:
    """Return the queues that the user can review now, those made by hand before a dataset's own."""
    lines = [line for line in queues_of(user) if line.queue is None or line.queue.is_open]
    lines.sort(key=lambda line: line.queue is None or line.queue.is_default)
    return lines[:LISTED]
