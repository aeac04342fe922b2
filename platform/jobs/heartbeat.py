"""A worker's sign of life for the job it runs, from a thread with a connection of its own."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models.functions import Now

from jobs.models import Job, JobLost, jobs_of

logger = logging.getLogger(__name__)

EVERY = 10.0  # seconds


class Heartbeat:
    """The running heartbeat. `check` may be called from any thread, as often as one likes."""

    def __init__(
        self,
        job: Job,
        every: float,
        progress: Callable[[], dict[str, Any]],
        loss: type[JobLost],
    ) -> None:
        self._job = job
        self._loss = loss
        self._every = every
        self._progress = progress
        self._stopped = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name=f"heartbeat of {job}")

    def check(self) -> None:
        """Raise JobLost once the job was cancelled or taken over."""
        if self._lost.is_set():
            raise self._loss

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it.

        Call it before a transaction of one's own writes to the row: the thread would wait for that
        transaction's end.
        """
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopped.wait(self._every):
                self._beat()
                if self._lost.is_set():
                    return
        finally:
            connection.close()  # this thread's own

    def _beat(self) -> None:
        claimed = jobs_of(type(self._job)).claimed(self._job)
        try:
            if not claimed.update(heartbeat_at=Now(), **self._progress()):
                self._lost.set()
        except Exception as error:
            # The database may be back before anybody takes the job for silent.
            logger.warning("No heartbeat of %s: %s", self._job, error)
            connection.close()


@contextmanager
def heartbeat(
    job: Job,
    *,
    every: float = EVERY,
    progress: Callable[[], dict[str, Any]] = dict,
    loss: type[JobLost] = JobLost,
) -> Iterator[Heartbeat]:
    """Update `heartbeat_at` and the progress fields every so many seconds while the block runs.

    `progress` returns the fields to store; it is called from the thread. Yields the heartbeat,
    whose `check()` raises `loss` once the job was cancelled or taken over.
    """
    beat = Heartbeat(job, every, progress, loss)
    if not connection.in_atomic_block:  # else nobody sees the claim, and none can take it over
        beat.start()
    try:
        yield beat
    finally:
        beat.stop()
