"""Waiting for what another process, or a thread, is about to do."""

import time
from collections.abc import Callable


def comes_true(condition: Callable[[], object], seconds: float = 300) -> bool:
    """Return whether the condition becomes true in time; its exceptions are not caught."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
