"""The work of a worker for each kind of queue job."""

import pytest

from annotations.models import Event, Item, Lease, Queue, QueueJob
from annotations.queues import background_work
from annotations.queues.background import start_job
from annotations.queues.create import create_queue
from annotations.tasks import run_queue_job
from jobs.models import JobLost
from tests.annotations.factories import make_queue, people, take
from tests.factories import make_dataset, make_trace, make_user

pytestmark = pytest.mark.django_db
Kind = QueueJob.Kind


@pytest.fixture
def queue(lead) -> Queue:
    dataset = make_dataset()
    for _ in range(3):
        make_trace(dataset)
    return create_queue(dataset, "Queue", created_by=lead)


@pytest.mark.parametrize("kind", Kind.values)
def test_a_cancelled_job_changes_nothing_more(queue: Queue, kind: str):
    def lost() -> None:
        raise JobLost

    class Beat:
        check = staticmethod(lost)

    with pytest.raises(JobLost):
        background_work.WORK[kind](start_job(queue, Kind(kind)), Beat())
    assert queue.items.count() == 0


def test_a_filter_that_no_longer_fits_fails_the_job_with_its_sentence(queue: Queue, sent):
    Queue.objects.filter(pk=queue.pk).update(choices={"subset": "gone"})
    job = start_job(queue, Kind.FILL)
    run_queue_job(job.pk)
    job.refresh_from_db()
    assert job.status == "failed"
    assert "unexpectedly" not in job.error


def run_twice(job: QueueJob) -> None:
    for _ in range(2):
        background_work.run_queue_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.error, job.attempts) == ("finished", "", 1)


def test_a_raised_overlap_reaches_every_item(sent):
    queue = make_queue(2)
    Queue.objects.update(overlap=2, max_overlap=2)
    run_twice(start_job(queue, Kind.WIDEN))
    assert list(queue.items.values_list("free_slots", flat=True)) == [[0, 1], [0, 1]]


def test_a_released_queue_holds_nothing(sent):
    queue = make_queue(2)
    for user in people(2):
        take(queue, user)
    run_twice(start_job(queue, Kind.RELEASE))
    assert not Lease.objects.held().exists()
    assert Item.objects.filter(free_slots=[0]).count() == 2
    assert Event.objects.filter(kind="released").count() == 2


def test_a_filled_queue_has_new_traces_once(sent):
    queue, user = make_queue(1), make_user()
    make_trace(queue.dataset)
    run_twice(start_job(queue, Kind.FILL, by=user))
    assert queue.items.count() == 2
    assert Event.objects.filter(kind="filled", user=user).count() == 1
