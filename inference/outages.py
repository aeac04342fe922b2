"""Outlasting a database that restarts: what a model took minutes for is not thrown away."""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

logger = logging.getLogger(__name__)

T = TypeVar("T")
# Seconds before each new try: two minutes in all, after which others take the shard for lost.
WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0)


def outlasting(action: Callable[[], T]) -> T:
    """What the action gives, tried again while the database is away.

    The action must be one transaction that may run twice; it raises what it raises but for the
    database's absence, and that too in the end.
    """
    for wait in WAITS:
        try:
            return action()
        except (OperationalError, InterfaceError) as error:
            if connection.in_atomic_block:
                raise
            logger.warning("The database is away, trying again in %s s: %s", wait, error)
            connection.close()
            time.sleep(wait)
    return action()
