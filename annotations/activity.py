"""A queue's activity: the event log, and the counters that its pages show.

Both are written in the transaction of what happened.
"""

from typing import Any

from django.db import connection

from accounts.models import User
from annotations.models import Event, Item, Queue, QueueCounter


def log_event(
    queue: Queue,
    kind: Event.Kind,
    *,
    item: Item | None = None,
    user: User | None = None,
    **details: Any,
) -> None:
    """Add a line to the queue's log. Lines are never changed."""
    Event.objects.create(queue=queue, kind=kind, item=item, user=user, details=details)


def increment(queue: Queue, user_id: int, **changes: int) -> None:
    """Add to the queue's counters, so that no page counts a million rows.

    `user_id` chooses the row: people at work on one queue do not wait for each other's.
    """
    names = [name for name, change in changes.items() if change]
    if not names:
        return
    sets = ", ".join(f"{name} = {name} + %({name})s" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE annotations_queuecounter SET {sets}"  # noqa: S608 - field names of this package
            " WHERE queue_id = %(queue)s AND shard = %(shard)s",
            {**changes, "queue": queue.pk, "shard": user_id % QueueCounter.SHARDS},
        )
