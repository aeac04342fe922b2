"""Wake the workers of a queue.

A message names no shard: it says that there is work on a queue, and the worker that gets it takes
the most urgent shard that waits there. So a run that is more urgent than others passes them, a
paused one leaves nothing behind, and a lost or doubled message costs nothing but time.
"""

import logging
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from inference.models import ScoringRun, Shard
from jobs.queueing import BrokerAway, enqueue, messages_waiting, send

logger = logging.getLogger(__name__)

NUMBERS = "metrics.update_summaries"
# Messages that wait on a queue, at most: more than workers that could take one at once. Each shard
# done sends another as long as shards wait, so their number stays.
MOST_MESSAGES = 100


def notify_workers_on_commit(queue: str) -> None:
    """Wake workers once the shards' rows can be seen.

    A broker that can't be reached does no harm: the rows say queued, and the reaper wakes again.
    """
    transaction.on_commit(partial(notify_workers, queue), robust=True)


def notify_workers(queue: str) -> int:
    """Fill the queue up to a message for each shard that waits. Return how many were sent."""
    waiting = len(_queued_shards(queue)[:MOST_MESSAGES])
    if not waiting:
        return 0
    try:
        missing = waiting - messages_waiting(queue)
    except BrokerAway as error:
        logger.warning("The broker is away, shards on %s wait: %s", queue, error)
        return 0
    return send(Shard.TASK, [queue], queue=queue, count=missing) if missing > 0 else 0


def notify_one_worker(queue: str) -> None:
    """Send one message more if a shard waits: what a worker does at the end of each."""
    if _queued_shards(queue).exists():
        send(Shard.TASK, [queue], queue=queue)


def refresh_metrics_on_commit() -> None:
    """Refresh the pages' numbers once a run's verdicts are all stored."""
    # By its name: numbers come with libraries for charts, which no scoring worker loads.
    enqueue(NUMBERS)


def _queued_shards(queue: str) -> "QuerySet[Shard, int]":
    return Shard.objects.filter(
        status=Shard.Status.QUEUED,
        run__in=ScoringRun.objects.handing_out().filter(scorer__kind=queue),
    ).values_list("pk", flat=True)
