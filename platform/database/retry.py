"""Retries for what PostgreSQL undoes or interrupts: a deadlock, a lost connection.

Both repeat a whole transaction. Inside an open one nothing is repeated: the error goes on to the
code that opened it.
"""

import logging
import time
from collections.abc import Callable, Sequence
from functools import wraps
from typing import ParamSpec, TypeVar

import psycopg
from django.db import InterfaceError, OperationalError, connection
from psycopg.errors import DeadlockDetected

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

# A transaction that loses five deadlocks in a row has another fault.
DEADLOCK_TRIES = 5
# Seconds before each new try: two minutes in all. After that a job counts as silent.
CONNECTION_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)
# SQLSTATEs of a server that ends sessions or takes no new ones: an administrator's command, a
# crash, a start or stop under way, all connections in use, an idle session that was ended.
SERVER_GONE = {"57P01", "57P02", "57P03", "57P05", "53300", "25P03"}
CONNECTION_CLASS = "08"


def retry_on_deadlock(work: Callable[P, T]) -> Callable[P, T]:
    """Decorate a function that is one transaction: repeat it when a deadlock undid it."""

    @wraps(work)
    def retried(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(DEADLOCK_TRIES - 1):
            try:
                return work(*args, **kwargs)
            except OperationalError as error:
                if not isinstance(error.__cause__, DeadlockDetected):
                    raise
        return work(*args, **kwargs)

    return retried


def retry_on_connection_loss(
    action: Callable[[], T], *, waits: Sequence[float] = CONNECTION_WAITS
) -> T:
    """Return the action's result, repeating it while the database is away.

    The action must be safe to run twice: the connection may be lost after its commit. Raises the
    last error when the database is still away after all waits, and any other error at once.
    """
    for wait in waits:
        try:
            return action()
        except Exception as error:
            if not is_connection_loss(error) or connection.in_atomic_block:
                raise
            logger.warning("The database is away, next try in %s s: %s", wait, error)
            connection.close()
            time.sleep(wait)
    return action()


def is_connection_loss(error: BaseException) -> bool:
    """Return whether the error says that the connection, and not the statement, failed."""
    if isinstance(error, InterfaceError | psycopg.InterfaceError):
        return True
    if isinstance(error, OperationalError):
        # Django raises its own without a cause when it finds the connection closed.
        return error.__cause__ is None or is_connection_loss(error.__cause__)
    if not isinstance(error, psycopg.OperationalError):
        return False
    state = error.sqlstate
    return state is None or state in SERVER_GONE or state.startswith(CONNECTION_CLASS)
