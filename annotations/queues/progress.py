"""How far a queue has come, and how a person's day goes."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from annotations.models import Queue, QueueMember, Tally
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

    def as_said(self) -> dict[str, int | str]:
        """What the review page shows of it."""
        return {"answered": self.answered, "total": self.total, "sentence": self.sentence}


# By hand: it is asked with every page, and the ORM takes longer to write it than it takes to run.
_PROGRESS = """
SELECT coalesce(tally.items, 0), coalesce(tally.answers, 0), coalesce(tally.over, 0),
       mine.today, mine.each
FROM (SELECT sum(items) AS items, sum(answers) AS answers,
             sum(settled + disputed + discarded + bad_problems) AS over
      FROM annotations_tally WHERE queue_id = %(queue)s) AS tally,
     (SELECT count(*) AS today, avg(verdict.seconds_spent) AS each
      FROM annotations_lease AS lease LEFT JOIN traces_verdict AS verdict
        ON verdict.id = lease.verdict_id
      WHERE lease.annotator_id = %(user)s AND lease.queue_id = %(queue)s
        AND lease.state = 'submitted' AND lease.ended_at >= %(midnight)s) AS mine
"""


def progress_of(queue: Queue, user_id: int) -> Progress:
    """One query. An item counts once for each person asked of it; one that is still in the line
    wants one more answer at least, whatever others took beyond that."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, {"queue": queue.pk, "user": user_id, "midnight": midnight})
        items, answers, over, today, each = cursor.fetchone()
    return Progress(
        answered=answers,
        total=max(items * queue.overlap, answers + items - over),
        today=today,
        seconds_each=None if each is None else round(each),
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
