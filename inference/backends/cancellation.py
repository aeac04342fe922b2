"""Stopping a judge in the middle of its work.

While a model judges, a worker may learn that the shard was cancelled or given to another worker.
Code that takes long over one window calls `check_cancelled` now and then.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Cancelled(Exception):
    """The findings are no longer wanted."""


_check: ContextVar[Callable[[], None] | None] = ContextVar("check", default=None)


@contextmanager
def cancellable(check: Callable[[], None]) -> Iterator[None]:
    """Let `check_cancelled` call `check`, which raises Cancelled, inside the block.

    Tasks of asyncio that begin in the block are included, other threads are not.
    """
    token = _check.set(check)
    try:
        yield
    finally:
        _check.reset(token)


def check_cancelled() -> None:
    """Raise Cancelled, or a subclass, if the findings are no longer wanted."""
    check = _check.get()
    if check is not None:
        check()
