"""The overlap of a queue: more reviewers for each item of a queue that is in use."""

from collections.abc import Callable

from django.db import connection, transaction
from django.utils import timezone

from annotations.activity import increment
from annotations.models import Item, Queue
from annotations.queues.priority import BATCH, lock_bulk_changes
from database.retry import retry_on_deadlock

# Slots are numbered from 0 without gaps, so the new ones follow the last. Settled items are open
# again: their consensus is valid until the new answers are in.
_WIDEN = """
WITH batch AS MATERIALIZED (
    SELECT id, status, cardinality(free_slots) + (
        SELECT count(*) FROM annotations_lease AS lease
        WHERE lease.item_id = item.id AND lease.slot IS NOT NULL) AS slots
    FROM annotations_item AS item WHERE id = ANY(%(items)s)
), short AS (
    SELECT id, status,
           ARRAY(SELECT generate_series(slots, %(overlap)s - 1))::smallint[] AS added
    FROM batch
    WHERE slots < %(overlap)s AND status IN ('open', 'settled') AND NOT EXISTS (
        SELECT FROM annotations_decision AS decision WHERE decision.item_id = batch.id)
), widened AS (
    UPDATE annotations_item AS item
    SET free_slots = item.free_slots || short.added, status = 'open', settled_at = NULL
    FROM short WHERE item.id = short.id
), logged AS (
    INSERT INTO annotations_event (queue_id, kind, item_id, at, details)
    SELECT %(queue)s, 'reopened', id, %(now)s, jsonb_build_object('overlap', %(overlap)s)
    FROM short WHERE status = 'settled'
)
SELECT count(*) FROM short WHERE status = 'settled'
"""


def widen(queue: Queue, *, check: Callable[[], None] = lambda: None) -> None:
    """Raise every item's overlap to the queue's, in batches. Idempotent.

    Items with a decision stay as they are. Waits for other bulk changes of the queue.
    What `check` raises between two batches ends the work.
    """
    after: int | None = 0
    while after is not None:
        check()
        after = _widen_batch(queue, after)


@retry_on_deadlock
def _widen_batch(queue: Queue, after: int) -> int | None:
    with transaction.atomic(), connection.cursor() as cursor:
        lock_bulk_changes(queue)
        work = Item.objects.filter(queue=queue, pk__gt=after, purpose=Item.Purpose.WORK)
        locked = work.order_by("pk").select_for_update().values_list("pk", flat=True)
        items = list(locked[:BATCH])
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
        increment(queue, 0, settled=-cursor.fetchone()[0])
    return items[-1] if items else None
