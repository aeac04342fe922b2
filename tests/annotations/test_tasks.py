"""The tasks of annotations, each run twice: the second run changes nothing."""

import pytest

from annotations import tasks
from annotations.models import Event, Item, Queue, QueueJob
from annotations.queues.background import start_job
from tests.annotations.factories import make_queue, run_out, take
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
        assert list(queue.items.order_by("-priority")) == [second, first]
    assert Queue.objects.get().ordered_at is not None


def test_a_queue_job_is_run_by_its_id(sent):
    queue = make_queue(1)
    make_trace(queue.dataset)
    job = start_job(queue, QueueJob.Kind.FILL)
    for _ in range(2):
        tasks.run_queue_job(job.pk)
        job.refresh_from_db()
        assert (job.status, queue.items.count()) == ("finished", 2)
