"""Stopping a judge in the middle of its work.

A worker learns while a model judges that the shard was cancelled or given to another. What works
long on one window asks now and then whether it is wanted still.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Cancelled(Exception):
    """The findings are not wanted any more."""


_check: ContextVar[Callable[[], None] | None] = ContextVar("check", default=None)


@contextmanager
def cancellable(check: Callable[[], None]) -> Iterator[None]:
    """Within the block `stop_if_unwanted` asks `check`, which raises Stopped; so it does in tasks
    of asyncio that begin there, but not in other threads."""
    token = _check.set(check)
    try:
        yield
    finally:
        _check.reset(token)


def check_cancelled() -> None:
    """Raises Stopped, or what derives from it."""
    check = _check.get()
    if check is not None:
        check()
