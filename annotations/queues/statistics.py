"""Counts of a queue: items settled, slots left, recent reviews."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import Sum
from django.utils import timezone

from annotations.models import Lease, Queue, Tally

DAY = timedelta(days=1)
RECENT = 7 * DAY


# Slots of open items that nobody has answered in: all of those of items that nobody was given, and
# of the others the free ones and those that are held.
_LEFT = """
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
    """What the tallies say of a queue, and when it will be through at the pace of a week."""

    items: int
    answers: int
    settled: int
    disputed: int
    discarded: int
    bad_problems: int
    left: int  # answers still to come on what is in the line; a rule may ask for more
    a_day: float  # answers, over the last week or what there was of it

    @property
    def asked(self) -> int:
        return self.answers + self.left

    @property
    def days_left(self) -> float | None:
        """At the pace of the last week; None where there was none."""
        if not self.left:
            return 0.0
        return self.left / self.a_day if self.a_day else None


def counts_of(queue: Queue) -> QueueCounts:
    """Three queries; items are counted in the index of those that nobody was given yet."""
    names = ("items", "answers", "settled", "disputed", "discarded", "bad_problems")
    sums = Tally.objects.filter(queue=queue).aggregate(**{n: Sum(n, default=0) for n in names})
    since = timezone.now() - RECENT
    recent = Lease.objects.filter(
        queue=queue, state=Lease.State.SUBMITTED, slot__isnull=False, ended_at__gte=since
    ).count()
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, {"queue": queue.pk, "overlap": queue.overlap})
        left = int(cursor.fetchone()[0])
    # A queue that was begun this morning is no slower for the days before it.
    days = min(RECENT, max(timezone.now() - queue.created_at, DAY)) / DAY
    return QueueCounts(left=left, a_day=recent / days, **sums)
