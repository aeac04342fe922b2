"""Availability of workers for a run, and the sentence to show if none takes its shards."""

import math
import time
from dataclasses import dataclass

from inference.backends import BACKENDS, required_abilities
from inference.models import Scorer, ScoringRun, Shard, Worker
from jobs.queueing import is_broker_up

# For how long a look at the broker is believed.
PROBE_MAX_AGE = 10


def unavailable_reason(run: ScoringRun) -> str:
    """Return why no worker will take the run's shards, or an empty string.

    Reads the workers' own rows, which are seconds old: no worker is asked.
    """
    if run.is_over or run.status == ScoringRun.Status.PAUSED:
        return ""
    scorer = run.scorer
    workers = list(Worker.objects.connected().filter(queues__contains=[scorer.queue]))
    if not workers:
        return (
            f"No worker serves the queue {scorer.queue}. Start one with: misstep work "
            f"--queues {scorer.queue}"
        )
    if not any(scorer.backend in worker.backends for worker in workers):
        return (
            f"No worker of the queue {scorer.queue} can run the backend {scorer.backend}"
            f"{_needs(scorer.backend)}; connected: {', '.join(worker.name for worker in workers)}."
        )
    if not any(can_run(worker, scorer) for worker in workers):
        return (
            f"No worker of the queue {scorer.queue} can serve models with vLLM, which this "
            "scorer needs. Start one with MISSTEP_VLLM_PYTHON set to the Python of an "
            "environment with vLLM. Connected: "
            f"{', '.join(worker.name for worker in workers)}."
        )
    if not run.shards.filter(status=Shard.Status.RUNNING).exists() and not _broker_answers():
        return "The message broker is unreachable, so no worker receives this run."
    return ""


def can_run(worker: Worker, scorer: Scorer) -> bool:
    """Return whether the worker has everything that the scorer needs."""
    return required_abilities(scorer.backend, scorer.parameters) <= set(worker.backends)


def another_worker_can(queue: str, *, exclude: str) -> bool:
    """Return whether another connected worker could take a shard that waits on the queue."""
    waiting = Scorer.objects.filter(
        kind=queue,
        runs__in=ScoringRun.objects.handing_out().filter(shards__status=Shard.Status.QUEUED),
    ).distinct()
    others = Worker.objects.connected().filter(queues__contains=[queue]).exclude(name=exclude)
    return any(can_run(worker, scorer) for scorer in waiting for worker in others)


def _needs(backend: str) -> str:
    known = BACKENDS.get(backend)
    if known is None:
        return ", which this version of Misstep does not have"
    return f", which needs {' and '.join(known.needs)}" if known.needs else ""


@dataclass(slots=True)
class _BrokerProbe:
    """The last look at the broker. In this process: the cache is the broker's own neighbour."""

    at: float = -math.inf
    answered: bool = False


_probe = _BrokerProbe()


def _broker_answers() -> bool:
    if time.monotonic() - _probe.at > PROBE_MAX_AGE:
        _probe.answered = is_broker_up()
        _probe.at = time.monotonic()
    return _probe.answered
