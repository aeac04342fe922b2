"""A queue's activity: the event log, and the counters that its pages show.

Both are written in the transaction of what happened.
"""

from typing import Any

from django.db.models import F

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
    sums = {name: F(name) + change for name, change in changes.items() if change}
    if sums:
        row = QueueCounter.objects.filter(queue=queue, shard=user_id % QueueCounter.SHARDS)
        row.update(**sums)
