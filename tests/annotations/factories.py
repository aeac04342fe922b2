"""Queues, items and answers for tests, by the ways that the product has."""

import uuid
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from annotations.gold.items import add_gold
from annotations.leases.lifecycle import next_lease
from annotations.models import Lease, Queue, QueueMember
from annotations.queues.create import create_queue
from annotations.queues.populate import fill
from annotations.review.submit import Outcome, complete_lease
from annotations.review.verdicts import Review
from tests.factories import make_dataset, make_trace, make_user
from traces.models import Dataset


def make_queue(traces: int = 3, *, dataset: Dataset | None = None, **rules: Any) -> Queue:
    """Make a filled queue that everybody may work in."""
    dataset = dataset or make_dataset()
    for _ in range(traces):
        make_trace(dataset)
    rules.setdefault("max_overlap", rules.get("overlap", 1))
    queue = create_queue(dataset, "checks", created_by=None, is_for_everyone=True, **rules)
    fill(queue)
    return queue


def people(count: int) -> list[User]:
    return [make_user() for _ in range(count)]


def take(queue: Queue, user: User) -> Lease:
    lease = next_lease(queue, user)
    assert lease is not None
    return lease


def answer(queue: Queue, user: User, label: int = -1, **fields: Any) -> Outcome:
    """Answer the person's next item."""
    return send(take(queue, user), label, **fields)


def send(lease: Lease, label: int = -1, **fields: Any) -> Outcome:
    review = Review(earliest_error=label, **fields)
    return complete_lease(lease.pk, lease.annotator, review, key=uuid.uuid4(), version=0)


def member(queue: Queue, user: User) -> QueueMember:
    return QueueMember.objects.get(queue=queue, user=user)


def with_gold(count: int, *, label: int = 1, screening: bool = False, **rules: object) -> Queue:
    queue = make_queue(6, **rules)
    for _ in range(count):
        add_gold(
            queue, make_trace(queue.dataset), label, feedback="4 + 1 is 5", screening=screening
        )
    return queue


def run_out(lease: Lease) -> None:
    Lease.objects.filter(pk=lease.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
