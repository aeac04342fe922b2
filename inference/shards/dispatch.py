"""Waking the workers of a queue.

A message names no shard: it says that there is work on a queue, and the worker that gets it takes
the most urgent shard that waits there. So a run that is more urgent than others passes them, a
paused one leaves nothing behind, and a lost or doubled message costs nothing but time.
"""

import logging
from functools import partial

from celery import current_app
from django.db import transaction
from django.db.models import QuerySet
from kombu.exceptions import OperationalError

from inference.models import ScoringRun, Shard

logger = logging.getLogger(__name__)

TASK = "inference.work"
NUMBERS = "metrics.update_summaries"
# Messages that wait on a queue, at most: more than workers that could take one at once. Each shard
# done sends another as long as shards wait, so their number stays.
MOST_MESSAGES = 100


def wake_on_commit(queue: str) -> None:
    """Wake workers once the shards' rows can be seen. A broker that can't be reached does no harm:
    the rows say queued, and the minute job wakes again."""
    transaction.on_commit(partial(wake, queue), robust=True)


def wake(queue: str) -> int:
    """Fill the queue up to a message for each shard that waits. Returns how many were sent."""
    waiting = len(_waiting(queue)[:MOST_MESSAGES])
    if not waiting:
        return 0
    try:
        missing = max(0, waiting - messages_waiting(queue))
        with current_app.producer_pool.acquire(block=True) as producer:
            for _ in range(missing):
                current_app.send_task(TASK, args=[queue], queue=queue, producer=producer)
    except (OperationalError, OSError) as error:
        logger.warning("The broker takes no messages, they will be sent again: %s", error)
        return 0
    return missing


def wake_another(queue: str) -> None:
    """One message more, if a shard waits: what a worker does at the end of each."""
    if _waiting(queue).exists():
        current_app.send_task(TASK, args=[queue], queue=queue)


def tell_numbers_on_commit() -> None:
    """A run's verdicts are all there: the pages' numbers need not wait for their next turn."""
    transaction.on_commit(_tell_numbers, robust=True)


def _tell_numbers() -> None:
    try:
        # By its name: numbers come with libraries for charts, which no scoring worker loads.
        current_app.send_task(NUMBERS)
    except (OperationalError, OSError) as error:
        logger.warning("The broker takes no messages, the numbers follow later: %s", error)


def messages_waiting(queue: str) -> int:
    """How many messages no worker has taken yet. Raises OperationalError without a broker."""
    with current_app.connection_for_read() as connection:
        # Declaring a queue that is there changes nothing and tells its length.
        declared = connection.default_channel.queue_declare(
            queue=queue, durable=True, auto_delete=False
        )
        return int(declared.message_count)


def _waiting(queue: str) -> "QuerySet[Shard, int]":
    return Shard.objects.filter(
        status=Shard.Status.QUEUED,
        run__in=ScoringRun.objects.handing_out().filter(scorer__kind=queue),
    ).values_list("pk", flat=True)
