"""The row of the worker that runs in this process."""

import os
import socket
import time
from dataclasses import dataclass, field

from inference.backends import abilities
from inference.models import Worker


@dataclass(slots=True)
class ThisWorker:
    """What this process is to the others; `reports` is false outside a Celery worker."""

    name: str
    queues: list[str] = field(default_factory=list)
    backends: list[str] = field(default_factory=list)
    concurrency: int = 1
    reports: bool = False
    reported_model: tuple[int, str] | None = None
    began: float = field(default_factory=time.monotonic)

    @property
    def age(self) -> float:
        """Seconds since this process began."""
        return time.monotonic() - self.began


_this: ThisWorker | None = None


def become_worker(worker: ThisWorker) -> None:
    """Make this process that worker; its pool's processes inherit it."""
    global _this
    _this = worker


def this_worker() -> ThisWorker:
    """Return this process's worker; outside a worker, one that serves no queue."""
    return _this or ThisWorker(f"{socket.gethostname()}:{os.getpid()}", backends=abilities())


def report_loaded_model(scorer_id: int, device: str) -> None:
    """Store the scorer that the worker judges with, when it changes."""
    told = (scorer_id, device)
    if _this is None or not _this.reports or _this.reported_model == told:
        return
    Worker.objects.filter(name=_this.name).update(scorer_id=scorer_id, scorer_device=device)
    _this.reported_model = told
