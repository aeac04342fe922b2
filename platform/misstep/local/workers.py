"""The Celery workers: the queues, pool and concurrency of each."""

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
from misstep.local.supervisor import Child, Supervisor


@dataclass(frozen=True, slots=True)
class Worker:
    """One process with its pool, and the queues that it serves on one machine."""

    name: str
    queues: tuple[str, ...]
    pool: str
    concurrency: int


def checkers() -> int:
    """Return how many checkers run at once: MISSTEP_CHECKERS, or all cores but one."""
    return int(os.environ.get("MISSTEP_CHECKERS") or max(1, (os.cpu_count() or 1) - 1))


WORKERS = {
    worker.name: worker
    for worker in (
        # Short errands that wait for the database more than they compute.
        Worker("web", ("web",), pool="threads", concurrency=4),
        # Imports and exports: a long one must not hold up a short one, and two keep a disk busy.
        Worker("data", ("data",), pool="prefork", concurrency=2),
        # Programs that compute, and may hang on a hostile formula: only a process can be stopped.
        # One core stays free for the pages; a host with other work says how many.
        Worker("checker", ("checker",), pool="prefork", concurrency=checkers()),
        # One model in memory, shared by all its runs: scorers use a GPU one after another. A
        # thread, since neither CUDA nor torch's own threads survive a fork, and since the process
        # then still answers while the model computes.
        Worker("models", ("prm", "critic"), pool="threads", concurrency=1),
        # It starts a run in a process of its own and watches it, so that it never loads torch and
        # stays small while nothing trains.
        Worker("training", ("training",), pool="threads", concurrency=1),
    )
}
QUEUES = tuple(queue for worker in WORKERS.values() for queue in worker.queues)
# Those of scorers, which further hosts serve.
SCORING_QUEUES = ("checker", "prm", "critic")
# A package without which a queue is not served. Critics may be asked at another host's address.
NEEDS = {"prm": "torch", "training": "torch"}
# How long workers may take to answer whether they are there.
PATIENCE = 1.0


def celery_options(name: str, queues: Iterable[str], *, node: str = "") -> list[str]:
    """Return the arguments of `celery -A misstep` for the worker to serve these of its queues."""
    worker = WORKERS[name]
    served = [queue for queue in worker.queues if queue in set(queues)]
    options = ["worker", "-Q", ",".join(served), "-n", f"{node or name}@%h"]
    options += ["--pool", worker.pool, "--concurrency", str(worker.concurrency)]
    # Workers need not know of each other; asking around costs a second at the start.
    return [*options, "--loglevel", "INFO", "--without-mingle", "--without-gossip"]


def names_for(queues: Iterable[str]) -> list[str]:
    """Return the names of the workers that serve any of the queues."""
    wanted = set(queues)
    return [name for name, worker in WORKERS.items() if wanted & set(worker.queues)]


def worker_children(queues: Iterable[str], *, suffix: str = "") -> list[Child]:
    """Return a child for each worker of the queues.

    Workers of one host need different names: `suffix` tells two of a kind apart.
    """
    wanted = set(queues)
    return [_worker_child(name + suffix, name, wanted) for name in names_for(wanted)]


def _worker_child(node: str, name: str, queues: Iterable[str]) -> Child:
    # Without its supervisor a worker gives its task back rather than finish it: SIGQUIT.
    options = celery_options(name, queues, node=node)
    return Child(f"worker-{node}", _celery(f"worker-{node}", options, signal.SIGQUIT))


def scheduler_child() -> Child:
    """Return Celery's scheduler, whose file remembers the last run of each task across starts."""
    schedule = addresses.home() / "schedule"
    options = ["--pidfile=", "-s", str(schedule)]
    return Child("scheduler", _celery("scheduler", ["beat", *options], signal.SIGTERM))


def startable(queues: Iterable[str]) -> list[str]:
    """Return the queues whose package is installed here."""
    needs = {queue: NEEDS.get(queue) for queue in queues}
    return [queue for queue, need in needs.items() if not need or importlib.util.find_spec(need)]


def require_startable(queues: Iterable[str]) -> None:
    """Raise LocalServiceError for a queue whose package is not installed here."""
    wanted = list(queues)
    for queue in set(wanted) - set(startable(wanted)):
        raise LocalServiceError(
            f"No worker of the queue {queue} can be started here without {NEEDS[queue]}: run "
            f'`pip install "misstep[{NEEDS[queue]}]"`, or start one where it is installed.'
        )


def served_queues() -> set[str]:
    """Return the queues that a worker serves now, on this machine or another."""
    from misstep.celery import app

    answers = app.control.inspect(timeout=PATIENCE).active_queues() or {}
    return {queue["name"] for queues in answers.values() for queue in queues}


class TemporaryWorkers:
    """The workers that a command started for itself, if any."""

    def __init__(self, supervisor: Supervisor) -> None:
        self._supervisor = supervisor

    def check(self) -> None:
        """Raise LocalServiceError once one of them can't be kept running."""
        if self._supervisor.failure:
            raise LocalServiceError(self._supervisor.failure)


@contextlib.contextmanager
def with_workers(
    queues: Iterable[str], say: Callable[[str], None] = lambda sentence: None
) -> Iterator[TemporaryWorkers]:
    """Serve each of the queues inside the block; raise LocalServiceError if one can't be served.

    Starts a worker for each queue without one and stops it at the end. Call it inside `services()`,
    and `check()` on the result now and then while waiting for tasks.
    """
    wanted = list(queues)
    missing = [queue for queue in wanted if queue not in served_queues()]
    require_startable(missing)
    supervisor = Supervisor(worker_children(missing), say)
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
