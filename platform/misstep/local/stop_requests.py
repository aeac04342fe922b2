"""Requests to stop that a signal handler may send.

Python runs a handler between any two steps of the main thread, so also inside `Event.set` or
`Event.wait`, which hold a lock: a handler that sets the same event then waits forever for a lock of
its own thread. Writing a byte to a pipe takes no lock.
"""

import contextlib
import os
import select
import weakref


class StopRequests:
    """A count of requests, sent from handlers and any thread and read by one thread."""

    def __init__(self) -> None:
        self._count = 0
        self._reader, self._writer = os.pipe()
        for end in (self._reader, self._writer):
            os.set_blocking(end, False)
            weakref.finalize(self, os.close, end)

    def send(self) -> None:
        """Add a request."""
        with contextlib.suppress(BlockingIOError):  # a full pipe holds requests enough
            os.write(self._writer, b"\0")

    def count(self) -> int:
        """Return how many requests have been sent."""
        with contextlib.suppress(BlockingIOError):
            self._count += len(os.read(self._reader, select.PIPE_BUF))
        return self._count

    def wait(self, seconds: float) -> None:
        """Return at the next request that was not counted yet, or after so many seconds."""
        select.select([self._reader], [], [], seconds)
