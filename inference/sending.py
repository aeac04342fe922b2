"""Putting shards on the queue of the workers that can score them."""

import logging
from collections.abc import Sequence
from functools import partial

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

TASK = "inference.score_shard"


def send_on_commit(shard_ids: Sequence[int], queue: str) -> None:
    """Send the shards once their rows can be seen. A message that can't be sent is not lost: the
    shard's row says queued, and the minute job sends it again."""
    transaction.on_commit(partial(_send, list(shard_ids), queue), robust=True)


def _send(shard_ids: list[int], queue: str) -> None:
    try:
        with current_app.producer_pool.acquire(block=True) as producer:
            for shard_id in shard_ids:
                current_app.send_task(TASK, args=[shard_id], queue=queue, producer=producer)
    except (OperationalError, OSError) as error:
        logger.warning("The broker takes no shards, they will be sent again: %s", error)


def messages_waiting(queue: str) -> int:
    """How many messages no worker has taken yet. Raises OperationalError without a broker."""
    with current_app.connection_for_read() as connection:
        # Declaring a queue that is there changes nothing and tells its length.
        declared = connection.default_channel.queue_declare(
            queue=queue, durable=True, auto_delete=False
        )
        return int(declared.message_count)
