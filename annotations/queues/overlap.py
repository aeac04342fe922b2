"""Asking more people of each item of a queue that is at work."""

from django.db import connection, transaction
from django.utils import timezone

from annotations.counters import count
from annotations.deadlocks import outlasting_deadlocks
from annotations.models import Queue
from annotations.queues.priority import BATCH, alone

_BATCH = """
SELECT id FROM annotations_item
WHERE queue_id = %s AND id > %s AND purpose = 'work'
ORDER BY id LIMIT %s FOR UPDATE
"""

# Slots are numbered from 0 without a gap, so the first new one follows those there are. Settled
# items come back to the line: their consensus stands until the new answers are in.
_WIDEN = """
WITH batch AS MATERIALIZED (
    SELECT id, status, cardinality(free_slots) + (
        SELECT count(*) FROM annotations_lease AS lease
        WHERE lease.item_id = item.id AND lease.slot IS NOT NULL) AS slots
    FROM annotations_item AS item WHERE id = ANY(%(items)s)
), short AS (
    SELECT id, status,
           ARRAY(SELECT generate_series(slots, %(overlap)s - 1))::smallint[] AS more
    FROM batch
    WHERE slots < %(overlap)s AND status IN ('open', 'settled') AND NOT EXISTS (
        SELECT FROM annotations_decision AS decision WHERE decision.item_id = batch.id)
), widened AS (
    UPDATE annotations_item AS item
    SET free_slots = item.free_slots || short.more, status = 'open', settled_at = NULL
    FROM short WHERE item.id = short.id
), logged AS (
    INSERT INTO annotations_event (queue_id, kind, item_id, at, details)
    SELECT %(queue)s, 'reopened', id, %(now)s, jsonb_build_object('overlap', %(overlap)s)
    FROM short WHERE status = 'settled'
)
SELECT count(*) FROM short WHERE status = 'settled'
"""


def widen(queue: Queue) -> None:
    """Bring every item up to the queue's overlap, a batch at a time; twice changes nothing more.

    Items that a decision settled stay as they are. Waits for whoever else goes through the queue.
    """
    after: int | None = 0
    while after is not None:
        after = _widen_batch(queue, after)


@outlasting_deadlocks
def _widen_batch(queue: Queue, after: int) -> int | None:
    with transaction.atomic(), connection.cursor() as cursor:
        alone(queue, wait=True)
        cursor.execute(_BATCH, [queue.pk, after, BATCH])
        items = [item for (item,) in cursor.fetchall()]
        # Another statement, so that it sees the slots as they are now that nobody changes them.
        cursor.execute(
            _WIDEN,
            {
                "queue": queue.pk,
                "items": items,
                "overlap": queue.overlap,
                "now": timezone.now(),
            },
        )
        count(queue, 0, settled=-cursor.fetchone()[0])
    return items[-1] if items else None
