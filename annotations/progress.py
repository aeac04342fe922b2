"""How far a queue has come, and how a person's day goes."""

from dataclasses import dataclass

from django.db.models import Avg, Count, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from annotations.models import Lease, Queue, QueueMember, Tally
from traces.models import Dataset


@dataclass(frozen=True, slots=True)
class Progress:
    answered: int
    total: int
    today: int  # submitted by the person
    seconds_each: int | None  # of these, on average

    @property
    def sentence(self) -> str:
        said = f"{self.answered:,} of {self.total:,}"
        if not self.today:
            return said
        pace = f", {self.seconds_each} s each" if self.seconds_each is not None else ""
        return f"{said} · {self.today:,} today{pace}"


def progress_of(queue: Queue, user: User) -> Progress:
    """Two queries. An item counts once for each person asked of it."""
    counts = Tally.objects.filter(queue=queue).aggregate(
        items=Sum("items", default=0), answers=Sum("answers", default=0)
    )
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    mine = Lease.objects.filter(
        annotator=user, queue=queue, ended_at__gte=midnight, state=Lease.State.SUBMITTED
    ).aggregate(today=Count("pk"), each=Avg(F("verdict__seconds_spent")))
    return Progress(
        answered=counts["answers"],
        total=max(counts["items"] * queue.overlap, counts["answers"]),
        today=mine["today"],
        seconds_each=None if mine["each"] is None else round(mine["each"]),
    )


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A queue in the list, or a dataset that has none of its own yet."""

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


def queues_of(user: User) -> list[QueueLine]:
    """What the person can review: queues, and datasets without one of their own. Two queries."""
    mine = QueueMember.objects.filter(queue=OuterRef("pk"), user=user).values("answers")
    tallies = Tally.objects.filter(queue=OuterRef("pk")).order_by().values("queue")
    queues = (
        Queue.objects.visible_to(user)
        .exclude(status=Queue.Status.CLOSED)
        .select_related("dataset")
        .annotate(
            reviewed=Coalesce(Subquery(mine), 0),
            total=Coalesce(Subquery(tallies.annotate(all=Sum("items")).values("all")), 0),
        )
        .order_by("-created_at", "name")
    )
    lines = [QueueLine(q.dataset, q, q.reviewed, q.total) for q in queues]
    without = Dataset.objects.visible_to(user).exclude(queues__is_default=True)
    waiting = without.annotate(total=Count("traces")).order_by("-created_at")
    return lines + [QueueLine(dataset, None, 0, dataset.total) for dataset in waiting]
