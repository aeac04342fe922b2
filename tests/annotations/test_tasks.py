"""The tasks of annotations, each run twice: the second run changes nothing."""

import pytest

from annotations import tasks
from annotations.models import Event, Item, Lease, Queue
from tests.annotations.factories import make_queue, people, run_out, take
from tests.factories import make_scorer, make_trace, make_user, make_verdict
from traces.segmentation.resegment import resegment

pytestmark = pytest.mark.django_db


def test_expired_leases_end_and_stale_items_are_replaced():
    queue = make_queue(2)
    lease = take(queue, make_user())
    run_out(lease)
    waiting = queue.items.exclude(pk=lease.item_id).get()
    merged = ["First, 2 + 2 = 4. Then 4 + 1 = 6.", "So the answer is 6."]
    newest = resegment(waiting.trace, merged).trace
    for _ in range(2):
        tasks.expire_leases()
        lease.refresh_from_db()
        assert (lease.state, lease.slot) == ("expired", None)
        assert queue.items.filter(trace=newest, status="open").count() == 1
        assert Item.objects.get(pk=waiting.pk).status == "discarded"
    assert Event.objects.filter(kind="expired").count() == 1


def test_open_queues_are_ordered_by_their_verdicts():
    queue = make_queue(2, order="uncertainty")
    first, second = queue.items.order_by("pk")
    judge = make_scorer(threshold=0.5).judge
    make_verdict(first.trace, judge, -1, scores=[0.99, 0.99, 0.99])
    make_verdict(second.trace, judge, -1, scores=[0.5, 0.99, 0.99])
    for _ in range(2):
        tasks.reorder_open_queues()
        tasks.reorder_queue(queue.pk)
        assert list(queue.items.order_by("-priority")) == [second, first]
    assert Queue.objects.get().ordered_at is not None


def test_a_raised_overlap_reaches_every_item():
    queue = make_queue(2)
    Queue.objects.update(overlap=2, max_overlap=2)
    for _ in range(2):
        tasks.widen_queue(queue.pk)
        assert list(queue.items.values_list("free_slots", flat=True)) == [[0, 1], [0, 1]]


def test_a_released_queue_holds_nothing():
    queue = make_queue(2)
    for user in people(2):
        take(queue, user)
    for _ in range(2):
        tasks.release_queue(queue.pk)
        assert not Lease.objects.held().exists()
    assert Event.objects.filter(kind="released").count() == 2


def test_a_filled_queue_has_new_traces_once():
    queue, user = make_queue(1), make_user()
    make_trace(queue.dataset)
    for _ in range(2):
        tasks.fill_queue(queue.pk, user.pk)
        assert queue.items.count() == 2
    assert Event.objects.filter(kind="filled", user=user).count() == 1
