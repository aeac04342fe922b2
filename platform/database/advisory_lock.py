"""PostgreSQL's advisory locks, named by a text such as `traces.import:gsm8k`."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def advisory_lock(key: str, *, wait: bool = True) -> bool:
    """Lock the key until the open transaction ends. Return whether it is locked.

    With `wait=False` return False at once when another transaction holds it. Raises RuntimeError
    outside a transaction, where the lock would end with the statement.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"The lock {key!r} needs an open transaction.")
    if wait:
        _call("pg_advisory_xact_lock", key)
        return True
    return _call("pg_try_advisory_xact_lock", key)


@contextmanager
def session_lock(key: str) -> Iterator[bool]:
    """Hold the key's lock for the block, across transactions. Yield whether it could be locked.

    The lock belongs to the connection: when the process dies, PostgreSQL releases it.
    """
    locked = _call("pg_try_advisory_lock", key)
    try:
        yield locked
    finally:
        if locked and connection.is_usable():
            _call("pg_advisory_unlock", key)


def _call(function: str, key: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [key])
        return bool(cursor.fetchone()[0])
