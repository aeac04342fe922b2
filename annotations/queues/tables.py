"""The list of queues that a person can review in."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.models import User
from annotations.models import Queue, QueueCounter, QueueMember
from traces.models import Dataset


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A queue in the list, or a dataset that has no default queue yet."""

    dataset: Dataset
    queue: Queue | None
    reviewed: int  # by the person
    total: int

    @property
    def name(self) -> str:
        return self.queue.name if self.queue else "Review"

    @property
    def address(self) -> str:
        if self.queue:
            return reverse("annotations:queue-review", args=[self.queue.pk])
        return reverse("annotations:review-next", args=[self.dataset.name])


def queues_of(user: User) -> list[QueueRow]:
    """Return the queues that the person can review in, then datasets without one. Two queries."""
    own = QueueMember.objects.filter(queue=OuterRef("pk"), user=user).values("answers")
    counters = QueueCounter.objects.filter(queue=OuterRef("pk")).order_by().values("queue")
    queues = (
        Queue.objects.visible_to(user)
        .exclude(status=Queue.Status.CLOSED)
        .select_related("dataset")
        .annotate(
            reviewed=Coalesce(Subquery(own), 0),
            total=Coalesce(Subquery(counters.annotate(all=Sum("items")).values("all")), 0),
        )
        .order_by("-created_at", "name")
    )
    rows = [QueueRow(q.dataset, q, q.reviewed, q.total) for q in queues]
    without = Dataset.objects.visible_to(user).exclude(queues__is_default=True)
    datasets = without.annotate(total=Count("traces")).order_by("-created_at")
    return rows + [QueueRow(dataset, None, 0, dataset.total) for dataset in datasets]
