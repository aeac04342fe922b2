"""Queues and their random sample for tests."""

import hashlib

from annotations.models import Queue
from annotations.queues.priority import reorder
from tests.annotations.factories import make_queue
from tests.factories import (
    make_dataset,
    make_trace,
)
from traces.models import Dataset, Trace


def lot(seed: int, trace_id: int) -> float:
    """Return 52 bits of MD5 over seed and trace, as the documentation says."""
    digest = hashlib.md5(f"{seed}:{trace_id}".encode()).hexdigest()
    return int(digest[:13], 16) / 2**52


def traces(count: int) -> tuple[Dataset, list[Trace]]:
    dataset = make_dataset()
    return dataset, [make_trace(dataset) for _ in range(count)]


def queue_of(dataset: Dataset, **rules: object) -> Queue:
    queue = make_queue(0, dataset=dataset, **rules)
    reorder(queue)
    return queue
