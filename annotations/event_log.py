"""The log of a queue: one line for everything that happens, never changed."""

from typing import Any

from accounts.models import User
from annotations.models import Event, Item, Queue


def log(
    queue: Queue,
    kind: Event.Kind,
    *,
    item: Item | None = None,
    user: User | None = None,
    **details: Any,
) -> None:
    Event.objects.create(queue=queue, kind=kind, item=item, user=user, details=details)
