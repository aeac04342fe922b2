"""Counts of a queue: items settled, slots left, recent reviews."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from annotations.models import Lease, Queue, QueueCounter

DAY = timedelta(days=1)
RECENT = 7 * DAY


# Slots of open items without an answer: every slot of unassigned items, and the free and held slots
# of the others.
_REMAINING = """
SELECT (SELECT count(*) * %(overlap)s FROM annotations_item
        WHERE queue_id = %(queue)s AND status = 'open' AND purpose = 'work' AND people = 0)
     + (SELECT coalesce(sum(cardinality(free_slots)), 0) FROM annotations_item
        WHERE queue_id = %(queue)s AND status = 'open' AND purpose = 'work' AND people > 0
          AND free_slots <> '{}')
     + (SELECT count(*) FROM annotations_lease AS lease
        JOIN annotations_item AS item ON item.id = lease.item_id AND item.status = 'open'
        WHERE lease.queue_id = %(queue)s AND lease.state = 'held' AND lease.slot IS NOT NULL)
"""


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """The counters of a queue, and its pace over the last week."""

    items: int
    answers: int
    settled: int
    disputed: int
    discarded: int
    bad_problems: int
    left: int  # answers still needed on open items; a rule may ask for more
    a_day: float  # answers, over the last week or what there was of it

    @property
    def expected(self) -> int:
        """The answers expected in all."""
        return self.answers + self.left

    @property
    def days_left(self) -> float | None:
        """The days left at the pace of the last week; None without a review in it."""
        if not self.left:
            return 0.0
        return self.left / self.a_day if self.a_day else None


def counts_of(queue: Queue) -> QueueCounts:
    """Return the queue's counts. Three queries; unassigned items are counted in their index."""
    names = ("items", "answers", "settled", "disputed", "discarded", "bad_problems")
    counters = QueueCounter.objects.filter(queue=queue)
    sums = counters.aggregate(**{name: Sum(name, default=0) for name in names})
    since = timezone.now() - RECENT
    recent = Lease.objects.filter(
        queue=queue, state=Lease.State.SUBMITTED, slot__isnull=False, ended_at__gte=since
    ).count()
    with connection.cursor() as cursor:
        cursor.execute(_REMAINING, {"queue": queue.pk, "overlap": queue.overlap})
        left = int(cursor.fetchone()[0])
    # A queue younger than a week has its pace over its own days.
    days = min(RECENT, max(timezone.now() - queue.created_at, DAY)) / DAY
    return QueueCounts(left=left, a_day=recent / days, **sums)
