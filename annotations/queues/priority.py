"""The order of a queue's items, and the uniformly random sample among them.

The sample. A trace that is added to a queue draws a lot, a number from 0 to 1 that depends on the
queue's seed and the trace alone. Traces with a lot below the queue's random share are the sample:
each trace is in it with the same probability, whatever models say of it and whenever it was added
(Bernoulli sampling). The probability is stored on the item and with every verdict on it; items
outside the sample have none. Sampled items are assigned in the order of their lots, never by
priority, and each new assignment is one of them with the probability of the random share. So at any
moment the reviewed ones are the sampled items below some lot: themselves a uniformly random sample
of the queue, and their mean an unbiased estimate of the queue's. Once all are reviewed, the sum of
y / inclusion probability over them (Horvitz and Thompson, 1952) estimates the queue's total. Items
assigned by priority must be left out of both.

All other items are ordered by priority, higher first:

- oldest: in the order of import.
- uncertainty: 1 where a process reward model scores some step right at the threshold, 0 where every
  score is as far from it as possible; or the share of a critic's samples that contradict its
  label; the most uncertain judge counts.
- disagreement: the chance that two verdicts on the trace, drawn with replacement, name different
  steps; half a point more when the final answer is right and a verdict names a wrong step.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils import timezone

from annotations.models import Queue
from database.advisory_lock import advisory_lock
from database.retry import retry_on_deadlock

logger = logging.getLogger(__name__)

# Items reordered in one transaction: while it runs, none of them is assigned.
BATCH = 1000

_UNCERTAINTY = """
    SELECT max(greatest(
        (SELECT max(1 - abs(score - %(threshold)s) / greatest(%(threshold)s, 1 - %(threshold)s))
         FROM unnest(verdict.scores) AS score),
        1 - verdict.confidence, 0))
    FROM traces_verdict AS verdict
    JOIN traces_judge AS judge ON judge.id = verdict.judge_id AND judge.kind = 'model'
    WHERE verdict.trace_id = batch.trace_id AND verdict.is_current
"""
_DISAGREEMENT = """
    SELECT 1 - sum(votes * votes) / sum(votes) ^ 2
           + CASE WHEN bool_or(label >= 0) AND (
                 SELECT final_answer_correct FROM traces_trace WHERE id = batch.trace_id)
             THEN 0.5 ELSE 0 END
    FROM (
        SELECT earliest_error AS label, count(*)::float AS votes
        FROM traces_verdict AS verdict
        JOIN traces_judge AS judge ON judge.id = verdict.judge_id AND judge.kind <> 'consensus'
        WHERE verdict.trace_id = batch.trace_id AND verdict.is_current
          AND verdict.earliest_error IS NOT NULL
        GROUP BY earliest_error
    ) AS labels
"""
_PRIORITIES = {
    Queue.Order.OLDEST: "-batch.trace_id",
    Queue.Order.UNCERTAINTY: _UNCERTAINTY,
    Queue.Order.DISAGREEMENT: _DISAGREEMENT,
    Queue.Order.RANDOM: "batch.priority",  # all are in the sample, whose order never changes
}

_REORDER = """
WITH batch AS MATERIALIZED (
    SELECT id, trace_id, priority, is_random, status, purpose
    FROM annotations_item
    WHERE queue_id = %(queue)s AND id > %(after)s
    ORDER BY id LIMIT %(batch)s
), weighed AS (
    SELECT id, priority, coalesce((__PRIORITY__), 0) AS due
    FROM batch
    WHERE NOT is_random AND status = 'open' AND purpose = 'work'
), changed AS (
    UPDATE annotations_item AS item SET priority = weighed.due
    FROM weighed
    WHERE item.id = weighed.id AND weighed.due <> weighed.priority
    RETURNING item.id
)
SELECT (SELECT max(id) FROM batch), (SELECT count(*) FROM changed)
"""


@dataclass(frozen=True, slots=True)
class _Batch:
    last: int | None
    changed: int


def reorder(queue: Queue, *, check: Callable[[], None] = lambda: None) -> int:
    """Compute the priorities of a queue's items, in batches. Return how many changed.

    People can work meanwhile. Does nothing while another process reorders the queue. What
    `check` raises between two batches ends the work.
    """
    after, changed = 0, 0
    while True:
        check()
        batch = _reorder_batch(queue, after)
        if batch is None:
            return changed
        changed += batch.changed
        if batch.last is None:
            break
        after = batch.last
    Queue.objects.filter(pk=queue.pk).update(ordered_at=timezone.now())
    return changed


def reorder_open() -> None:
    """Reorder the open queues whose order depends on verdicts."""
    queues = Queue.objects.filter(status=Queue.Status.OPEN, order__in=Queue.MOVING)
    for queue in queues.order_by("pk"):
        changed = reorder(queue)
        logger.info("Queue %s: %s priorities changed", queue.pk, changed)


@retry_on_deadlock
def _reorder_batch(queue: Queue, after: int) -> _Batch | None:
    with transaction.atomic(), connection.cursor() as cursor:
        if not lock_bulk_changes(queue, wait=False):
            return None
        cursor.execute(
            _REORDER.replace("__PRIORITY__", _PRIORITIES[Queue.Order(queue.order)]),
            {
                "queue": queue.pk,
                "after": after,
                "batch": BATCH,
                "threshold": queue.threshold,
            },
        )
        return _Batch(*cursor.fetchone())


def lock_bulk_changes(queue: Queue, *, wait: bool = True) -> bool:
    """Lock bulk changes of the queue's items for this transaction. Return whether it is locked.

    Two at once would each hold items that the other waits for.
    """
    return advisory_lock(f"annotations.bulk:{queue.pk}", wait=wait)
