"""Beside a worker that goes through a queue's items, the database may end somebody's statement so
that both can go on: whoever lost asks again."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError
from psycopg.errors import DeadlockDetected

P = ParamSpec("P")
T = TypeVar("T")

# So often in a row nobody loses; another time it is an error.
TRIES = 5


def outlasting_deadlocks(work: Callable[P, T]) -> Callable[P, T]:
    """For a function that is one transaction: undone, it can be done again."""

    @wraps(work)
    def tried(*args: P.args, **kwargs: P.kwargs) -> T:
        for _ in range(TRIES - 1):
            try:
                return work(*args, **kwargs)
            except OperationalError as error:
                if not isinstance(error.__cause__, DeadlockDetected):
                    raise
        return work(*args, **kwargs)

    return tried
