"""The Celery workers: one for each queue, and what each is like."""

import contextlib
import importlib.util
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from misstep.local import addresses
from misstep.local.errors import LocalServiceError
from misstep.local.processes import Program
from misstep.local.supervising import Child, Supervisor


@dataclass(frozen=True, slots=True)
class Worker:
    """How a queue is served on one machine. `needs` is a package without which it is not."""

    queue: str
    pool: str
    concurrency: int
    needs: str = ""


WORKERS = {
    worker.queue: worker
    for worker in (
        # Short errands that wait for the database more than they compute.
        Worker("web", pool="threads", concurrency=4),
        # Imports and exports: a long one must not hold up a short one, and two keep a disk busy.
        Worker("data", pool="prefork", concurrency=2),
        # Programs that compute, and may hang on a hostile formula: only a process can be stopped.
        # One core stays free for the pages.
        Worker("checker", pool="prefork", concurrency=max(1, (os.cpu_count() or 1) - 1)),
        # One model in memory, once. A thread, since neither CUDA nor torch's own threads survive a
        # fork, and since the process then still answers while the model computes.
        Worker("prm", pool="threads", concurrency=1, needs="torch"),
    )
}
# How long workers may take to answer whether they are there.
PATIENCE = 1.0


def worker_child(queue: str) -> Child:
    worker = WORKERS[queue]
    options = ["-Q", queue, "-n", f"{queue}@%h", "--pool", worker.pool]
    options += ["--concurrency", str(worker.concurrency), "--loglevel", "INFO"]
    # Workers need not know of each other; asking around costs a second at the start.
    options += ["--without-mingle", "--without-gossip"]
    # Without its supervisor a worker gives its task back rather than finish it: SIGQUIT.
    program = _celery(f"worker-{queue}", ["worker", *options], signal.SIGQUIT)
    return Child(f"worker-{queue}", program)


def scheduler_child() -> Child:
    """Celery's clock. Its schedule file remembers when a task last ran, across starts."""
    schedule = addresses.home() / "schedule"
    options = ["--pidfile=", "-s", str(schedule)]
    return Child("scheduler", _celery("scheduler", ["beat", *options], signal.SIGTERM))


def startable(queues: Iterable[str]) -> list[str]:
    """Those of the queues whose package is installed here."""
    needs = {queue: WORKERS[queue].needs for queue in queues}
    return [queue for queue, need in needs.items() if not need or importlib.util.find_spec(need)]


def served_queues() -> set[str]:
    """The queues that some worker takes tasks from now, on this machine or another."""
    from misstep.celery import app

    answers = app.control.inspect(timeout=PATIENCE).active_queues() or {}
    return {queue["name"] for queues in answers.values() for queue in queues}


class TemporaryWorkers:
    """The workers that a command brought along, if any."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor

    def check(self) -> None:
        """Raises LocalServiceError once one of them can't be kept running."""
        if self._supervisor.failure:
            raise LocalServiceError(self._supervisor.failure)


@contextlib.contextmanager
def with_workers(
    queues: Iterable[str], say: Callable[[str], None] = lambda sentence: None
) -> Iterator[TemporaryWorkers]:
    """Inside the block every one of the queues is served; raises LocalServiceError if none can.

    Starts a worker for each queue that nobody serves and stops it at the end. Call it inside
    `services()`. Whoever waits for tasks should now and then call `check()` on what it gives.
    """
    wanted = list(queues)
    missing = [queue for queue in wanted if queue not in served_queues()]
    for queue in set(missing) - set(startable(missing)):
        need = WORKERS[queue].needs
        raise LocalServiceError(
            f"No worker serves the queue {queue} and none can be started here without {need}: "
            f'run `pip install "misstep[{need}]"`, or start a worker where {need} is installed.'
        )
    supervisor = Supervisor([worker_child(queue) for queue in missing], say)
    # Children end with the thread that started them, so one thread does both.
    thread = threading.Thread(target=_serve, args=[supervisor], name="workers")
    thread.start()
    try:
        yield TemporaryWorkers(supervisor)
    finally:
        supervisor.ask_to_stop()
        thread.join()


def _serve(supervisor: Supervisor) -> None:
    supervisor.start()
    supervisor.run()


def _celery(name: str, arguments: list[str], farewell: signal.Signals) -> Program:
    return Program(
        command=[sys.executable, "-m", "celery", "-A", "misstep", *arguments],
        log=addresses.logs() / f"{name}.log",
        farewell=farewell,
        uses_services=True,
    )
