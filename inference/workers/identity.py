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
    told: tuple[int, str] | None = None
    began: float = field(default_factory=time.monotonic)


current_worker: ThisWorker | None = None


def this_worker() -> ThisWorker:
    """Outside a worker: this process, which serves no queue and can run what it has packages of."""
    return current_worker or ThisWorker(
        f"{socket.gethostname()}:{os.getpid()}", backends=abilities()
    )


def tell_loaded(scorer_id: int, device: str) -> None:
    """The scorer that the worker judges with, when it changes."""
    told = (scorer_id, device)
    if current_worker is None or not current_worker.reports or current_worker.told == told:
        return
    Worker.objects.filter(name=current_worker.name).update(
        scorer_id=scorer_id, scorer_device=device
    )
    current_worker.told = told
