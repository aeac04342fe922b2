"""Retries of a failed request: whether it is sent again, and when."""

import math
import random
import time
from datetime import UTC
from email.utils import parsedate_to_datetime

TRIES = 5
FIRST_WAIT = 0.5  # seconds; each further wait is twice as long
MOST_DOUBLINGS = 5


class TransientFailure(Exception):
    """A failure that may be gone in a moment.

    `wait` is the wait that the endpoint asks for, in seconds; `too_many_requests` says that the
    endpoint is overloaded, so nothing is wrong with this request.
    """

    def __init__(
        self, error: Exception, wait: float | None = None, *, too_many_requests: bool = False
    ) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait
        self.too_many_requests = too_many_requests


class RetrySchedule:
    """The tries of one request.

    `patience` in seconds counts from its first failure: waiting for its turn before does not count.
    If the endpoint only has too many requests, it counts from the last answer to any request. As
    long as others are served, this one's turn comes.
    """

    def __init__(self, patience: float) -> None:
        self.number = 0
        self._patience = patience
        self._failures = 0
        self._since: float | None = None

    def wait_after(self, failed: TransientFailure, *, at: float, answered: float) -> float:
        """Return the seconds until the next try. Raises the failure's error if there is none.

        `at` is when the try failed, by the monotonic clock, or began, if it took too long;
        `answered` is when the endpoint last answered any request.
        """
        self._since = at if self._since is None else self._since
        self._failures += not failed.too_many_requests
        wait = _backoff(self.number) if failed.wait is None else failed.wait
        now = time.monotonic()
        if failed.too_many_requests:
            over = wait > self._patience or now - max(self._since, answered) >= self._patience
        else:
            over = self._failures >= TRIES or now - self._since + wait > self._patience
        if over:
            raise failed.error
        self.number += 1
        return wait


def retry_after_seconds(retry_after: str) -> float | None:
    """Return the header Retry-After in seconds, from a number or a date; None for anything else."""
    try:
        seconds = float(retry_after)
    except ValueError:
        return _until(retry_after)
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def _until(date: str) -> float | None:
    try:
        at = parsedate_to_datetime(date)
        return max(0.0, (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - time.time())
    except (TypeError, ValueError, OverflowError):
        return None


def _backoff(number: int) -> float:
    # Requests that failed together should not come back together.
    doubled: int = 2 ** min(number, MOST_DOUBLINGS)
    return FIRST_WAIT * doubled * random.uniform(0.8, 1.2)  # noqa: S311 - no secret
