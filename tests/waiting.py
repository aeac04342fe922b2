"""Waiting for what another process, or a thread, is about to do."""

import time
from collections.abc import Callable


def until(condition: Callable[[], object], seconds: float = 300) -> None:
    """Fails the test where it does not come true in time. What it raises comes through."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)
