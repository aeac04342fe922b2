"""A worker process tells of itself: a row with its queues, devices and model, kept fresh.

Pages read the row and never ask the worker, which may be a host away and busy. Celery's signals
start and end it, since nothing else knows when a worker is ready.
"""

import logging
import os
import platform
import socket
import threading
from collections.abc import Callable
from datetime import timedelta
from importlib import metadata
from typing import Any

from celery import signals
from django.db import DatabaseError, connection
from django.db.models.functions import Now

from inference.backends import abilities
from inference.models import Scorer, Worker
from inference.models.worker import HEARTBEAT_SECONDS
from inference.workers import devices, model_cache
from inference.workers.identity import ThisWorker, become_worker, this_worker

logger = logging.getLogger(__name__)

STALE_AFTER = timedelta(days=7)
PACKAGES = ("misstep", "torch", "transformers", "vllm")
_stopping = threading.Event()
_on_start: Callable[[ThisWorker], object] = lambda me: None  # noqa: E731  set by connect_signals


def connect_signals(on_start: Callable[[ThisWorker], object]) -> None:
    """Follow Celery's signals; a process that is no worker never receives them.

    `on_start` is called whenever the worker has written its whole row.
    """
    global _on_start
    _on_start = on_start
    signals.celeryd_after_setup.connect(_identify_process)
    signals.worker_ready.connect(_start_heartbeat)
    signals.worker_shutdown.connect(_report_stop)


def register_worker(me: ThisWorker) -> None:
    """Write the whole row: the worker has begun."""
    Worker.objects.update_or_create(
        name=me.name,
        defaults={
            "host": socket.gethostname(),
            "process": os.getpid(),
            "queues": me.queues,
            "backends": me.backends,
            "device": _device(me.queues),
            "versions": _versions(),
            "concurrency": me.concurrency,
            "scorer": None,
            "scorer_device": "",
            "started_at": Now(),
            "heartbeat_at": Now(),
            "stopped_at": None,
        },
    )
    _on_start(me)


def update_heartbeat(me: ThisWorker) -> None:
    """Store the worker's heartbeat."""
    Worker.objects.filter(name=me.name).update(heartbeat_at=Now(), stopped_at=None)


def delete_stale_workers() -> None:
    """Delete workers without a heartbeat for a week: containers have a new name each time."""
    Worker.objects.filter(heartbeat_at__lt=Now() - STALE_AFTER).delete()


def _identify_process(instance: Any, **kwargs: Any) -> None:
    """Note this worker before its pool is made, so that the pool's processes know it too."""
    queues = sorted(instance.app.amqp.queues.consume_from)
    become_worker(ThisWorker(instance.hostname, queues, abilities(), reports=True))


def _start_heartbeat(sender: Any, **kwargs: Any) -> None:
    me = this_worker()
    if not me.reports:
        return
    me.concurrency = sender.pool.num_processes
    _stopping.clear()
    threading.Thread(target=_heartbeat_loop, args=[me], daemon=True, name="reporting").start()


def _heartbeat_loop(me: ThisWorker) -> None:
    write = register_worker
    while True:
        try:
            write(me)
            write = update_heartbeat
        except DatabaseError as error:
            logger.warning("The worker couldn't send its heartbeat: %s", error)
            connection.close()
        if _stopping.wait(HEARTBEAT_SECONDS):
            break
    connection.close()  # this thread's own


def _report_stop(**kwargs: Any) -> None:
    _stopping.set()
    model_cache.unload_all()
    me = this_worker()
    if me.reports:
        try:
            Worker.objects.filter(name=me.name).update(stopped_at=Now())
        except DatabaseError as error:
            logger.warning("The worker couldn't sign off: %s", error)


def _device(queues: list[str]) -> str:
    """Return the worker's devices; GPUs only where scorers with models run."""
    models = {Scorer.Kind.PRM, Scorer.Kind.CRITIC} & set(queues)
    return "\n".join([*(devices.gpus() if models else []), devices.cpu()])


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
