"""Counting what happens in a queue as it happens, so that no page counts a million rows."""

from django.db import connection

from annotations.models import Queue, Tally


def count(queue: Queue, who: int, **changes: int) -> None:
    """Add to the queue's counts, in the row that `who` falls to."""
    names = [name for name, change in changes.items() if change]
    if not names:
        return
    sets = ", ".join(f"{name} = {name} + %({name})s" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE annotations_tally SET {sets}"  # noqa: S608 - field names of this package
            " WHERE queue_id = %(queue)s AND shard = %(shard)s",
            {**changes, "queue": queue.pk, "shard": who % Tally.SHARDS},
        )
