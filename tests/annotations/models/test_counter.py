"""The sharded counters of a queue."""

import pytest
from django.db import IntegrityError, transaction

from annotations.models import QueueCounter
from tests.annotations.factories import make_queue

pytestmark = pytest.mark.django_db


def test_a_queue_has_a_row_for_each_shard():
    queue = make_queue(2)
    shards = queue.counters.order_by("shard").values_list("shard", flat=True)
    assert list(shards) == list(range(QueueCounter.SHARDS))
    assert sum(queue.counters.values_list("items", flat=True)) == 2


def test_a_shard_is_there_once():
    queue = make_queue(0)
    with pytest.raises(IntegrityError, match="queue_counter_once"), transaction.atomic():
        QueueCounter.objects.create(queue=queue, shard=0)


def test_a_row_may_be_negative():
    row = make_queue(0).counters.get(shard=3)
    row.items = -1
    row.save()
    row.refresh_from_db()
    assert row.items == -1
    assert str(row) == f"counter 3 of {row.queue_id}"
