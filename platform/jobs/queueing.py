"""Messages to workers: sent by a task's name once the transaction has committed.

A broker that cannot be reached costs a request a second or two and no error: the row says
"queued", and the reaper sends the message again.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models.functions import Now
from kombu import Connection
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from jobs.models import Job, Status

logger = logging.getLogger(__name__)

# A connection of its own for each send: Celery's pooled ones try again without end, and one that
# was open before the broker restarted fails at first.
QUICK = {
    "socket_connect_timeout": 1.0,
    "socket_timeout": 2.0,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
    "connect_retries_timeout": 1.0,
}


class BrokerAway(Exception):
    """The broker cannot be reached, or does not answer."""


def enqueue(task: str, *args: Any, queue: str | None = None) -> None:
    """Send the task by its name once the transaction has committed.

    For work without a row, which a schedule repeats anyway. `queue` is the Celery queue; without
    it the settings' routes decide.
    """
    transaction.on_commit(partial(send, task, args, queue=queue), robust=True)


def enqueue_job(job: Job) -> None:
    """Send the job's message once the transaction has committed.

    If the broker is away the job stays queued, and the reaper sends it within a minute.
    """
    transaction.on_commit(partial(send_job, job), robust=True)


def send(task: str, args: Sequence[Any] = (), *, queue: str | None = None, count: int = 1) -> int:
    """Send `count` messages now. Return how many the broker took, 0 when it is away."""
    sent = 0
    try:
        with broker() as connection, connection.Producer() as producer:
            while sent < count:
                current_app.send_task(
                    task, args=list(args), queue=queue, producer=producer, retry=False
                )
                sent += 1
    except BrokerAway as error:
        logger.warning("The broker took %s of %s messages %s: %s", sent, count, task, error)
    return sent


def send_job(job: Job) -> bool:
    """Send the job's message now and note when. Return whether the broker took it."""
    if not send(job.TASK, job.message_args):
        return False
    waiting = type(job)._default_manager.filter(pk=job.pk, status=Status.QUEUED)
    waiting.update(sent_at=Now())
    return True


def messages_waiting(queue: str) -> int:
    """Return how many messages no worker has taken from the queue. Raises BrokerAway."""
    with broker() as connection:
        # Declaring a queue that exists changes nothing and returns its length.
        declared = connection.default_channel.queue_declare(
            queue=queue, durable=True, auto_delete=False
        )
        return int(declared.message_count)


def queue_of(task: str) -> str:
    """Return the Celery queue that the settings route the task to."""
    return str(current_app.amqp.router.route({}, task)["queue"].name)


def is_broker_up() -> bool:
    """Return whether the broker answers within two seconds."""
    try:
        with broker() as connection:
            return bool(connection.default_channel)
    except BrokerAway:
        return False


@contextmanager
def broker() -> Iterator[Connection]:
    """Yield a connection that gives up soon. Raises BrokerAway for whatever the broker does."""
    try:
        with current_app.connection_for_write(transport_options=QUICK) as connection:
            yield connection
    except (KombuError, OSError, RedisError) as error:
        raise BrokerAway(str(error)) from error
