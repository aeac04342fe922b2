"""Create a queue, and a dataset's default queue on first use."""

from typing import Any

from django.db import transaction

from accounts.models import User
from annotations.event_log import log
from annotations.models import Event, Queue, QueueMember, Tally
from annotations.queues.populate import fill
from traces.models import Dataset

DEFAULT_NAME = "Review"


def create_queue(dataset: Dataset, name: str, *, created_by: User | None, **rules: Any) -> Queue:
    """A new, empty queue; who makes it leads it. `rules` are fields of Queue."""
    with transaction.atomic():
        queue = Queue.objects.create(dataset=dataset, name=name, created_by=created_by, **rules)
        Tally.objects.bulk_create(Tally(queue=queue, shard=n) for n in range(Tally.SHARDS))
        if created_by:
            QueueMember.objects.create(queue=queue, user=created_by, role=QueueMember.Role.LEAD)
        log(queue, Event.Kind.CREATED, user=created_by)
    return queue


def default_queue(dataset: Dataset) -> Queue:
    """The dataset's own queue, for everyone who may annotate in it; made and filled on first use.

    One person a trace, in the order in which the traces came in; traces that came in since are
    added.
    """
    found = Queue.objects.filter(dataset=dataset, is_default=True).first()
    if found:
        _top_up(found)
        return found
    with transaction.atomic():
        Dataset.objects.select_for_update().get(pk=dataset.pk)
        found = Queue.objects.filter(dataset=dataset, is_default=True).first()
        if found:
            return found
        queue = create_queue(
            dataset, DEFAULT_NAME, created_by=None, is_default=True, is_for_everyone=True
        )
        fill(queue)
    return queue


def _top_up(queue: Queue) -> None:
    newest = queue.dataset.traces.order_by("-pk").values_list("pk", flat=True).first()
    item = queue.items.order_by("-pk").first()
    last = item.trace_id if item else 0
    if newest and newest > last and queue.is_open:
        fill(queue, after=last)
