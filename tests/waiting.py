"""Waiting for what another process, or a thread, is about to do."""

import time
from collections.abc import Callable


def comes_true(condition: Callable[[], object], seconds: float = 300) -> bool:
    """Whether it does, in time. What the condition raises comes through."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
