"""Creation of queues, and of a dataset's default queue on first use."""

from typing import Any

from django.db import transaction

from accounts.models import User
from annotations.activity import log_event
from annotations.models import Event, Queue, QueueCounter, QueueMember
from annotations.queues.populate import fill
from traces.models import Dataset

DEFAULT_NAME = "Review"


def create_queue(dataset: Dataset, name: str, *, created_by: User | None, **rules: Any) -> Queue:
    """Return a new, empty queue, led by its creator. `rules` are fields of Queue."""
    with transaction.atomic():
        queue = Queue.objects.create(dataset=dataset, name=name, created_by=created_by, **rules)
        QueueCounter.objects.bulk_create(
            QueueCounter(queue=queue, shard=n) for n in range(QueueCounter.SHARDS)
        )
        if created_by:
            QueueMember.objects.create(queue=queue, user=created_by, role=QueueMember.Role.LEAD)
        log_event(queue, Event.Kind.CREATED, user=created_by)
    return queue


def default_queue(dataset: Dataset) -> Queue:
    """Return the dataset's default queue, open to all its annotators; created on first use.

    It has one reviewer a trace, oldest traces first. Traces imported since are added.
    """
    queue = Queue.objects.filter(dataset=dataset, is_default=True).first()
    if queue:
        _add_new_traces(queue)
        return queue
    with transaction.atomic():
        Dataset.objects.select_for_update().get(pk=dataset.pk)
        queue = Queue.objects.filter(dataset=dataset, is_default=True).first()
        if queue:
            return queue
        queue = create_queue(
            dataset, DEFAULT_NAME, created_by=None, is_default=True, is_for_everyone=True
        )
        fill(queue)
    return queue


def _add_new_traces(queue: Queue) -> None:
    newest = queue.dataset.traces.order_by("-pk").values_list("pk", flat=True).first()
    item = queue.items.order_by("-pk").first()
    last = item.trace_id if item else 0
    if newest and newest > last and queue.is_open:
        fill(queue, after=last)
