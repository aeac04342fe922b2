"""The jobs that change many items of a queue."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from annotations.models import Queue, QueueJob
from annotations.queues import operations
from annotations.queues.background import shown_jobs, start_job
from annotations.queues.create import create_queue
from annotations.tasks import run_queue_job
from tests.factories import make_dataset, make_trace, make_user

pytestmark = pytest.mark.django_db
Kind = QueueJob.Kind


@pytest.fixture
def queue(lead) -> Queue:
    dataset = make_dataset()
    for _ in range(3):
        make_trace(dataset)
    return create_queue(dataset, "Queue", created_by=lead)


def run_twice(job: QueueJob) -> None:
    for _ in range(2):
        run_queue_job(job.pk)
    job.refresh_from_db()
    assert (job.status, job.error, job.attempts) == ("finished", "", 1)


def test_a_large_queue_is_filled_by_a_worker(queue: Queue, lead, sent, monkeypatch):
    monkeypatch.setattr(operations, "AT_ONCE", 2)
    assert operations.populate(queue, by=lead) is None
    job = QueueJob.objects.get()
    assert (job.kind, job.created_by) == (Kind.FILL, lead)
    run_twice(job)
    assert queue.items.count() == 3


def test_more_overlap_widens_every_item(queue: Queue, lead, sent):
    operations.populate(queue, by=lead)
    operations.change_rules(queue, by=lead, overlap=2)
    run_twice(QueueJob.objects.get(kind=Kind.WIDEN))
    assert {len(item.free_slots) for item in queue.items.all()} == {2}


def test_a_new_order_reorders_the_items(queue: Queue, lead, sent):
    operations.populate(queue, by=lead)
    operations.change_rules(queue, by=lead, order=Queue.Order.DISAGREEMENT)
    run_twice(QueueJob.objects.get(kind=Kind.REORDER))
    queue.refresh_from_db()
    assert queue.ordered_at


def test_closing_releases_what_is_held(queue: Queue, lead, sent):
    operations.set_status(queue, Queue.Status.CLOSED, by=lead)
    run_twice(QueueJob.objects.get(kind=Kind.RELEASE))


def test_a_message_is_sent_on_commit(queue: Queue, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = start_job(queue, Kind.WIDEN)
    assert sent == [("annotations.run_queue_job", [job.pk])]


def test_the_page_shows_open_and_lately_failed_jobs(queue: Queue, client: Client, lead, sent):
    waiting = start_job(queue, Kind.WIDEN)
    failed = start_job(queue, Kind.FILL)
    QueueJob.objects.filter(pk=failed.pk).update(
        status="failed", error="No room.", ended_at=timezone.now()
    )
    old = start_job(queue, Kind.FILL)
    QueueJob.objects.filter(pk=old.pk).update(
        status="failed", error="Old.", ended_at=timezone.now() - timedelta(days=2)
    )
    done = start_job(queue, Kind.RELEASE)
    QueueJob.objects.filter(pk=done.pk).update(status="finished")
    assert list(shown_jobs(queue)) == [failed, waiting]
    client.force_login(lead)
    page = BeautifulSoup(
        client.get(reverse("annotations:queue-detail", args=[queue.pk])).content, "html.parser"
    )
    assert [state.text for state in page.select(".job-state .state")] == ["failed", "queued"]
    client.post(page.select_one("form.job-cancel")["action"])
    waiting.refresh_from_db()
    assert waiting.status == "cancelled"


def test_only_the_queues_lead_cancels_its_jobs(queue: Queue, client: Client, sent):
    job = start_job(queue, Kind.WIDEN)
    address = reverse("annotations:queue-job-cancel", args=[queue.pk, job.pk])
    client.force_login(make_user("stranger"))
    assert client.post(address).status_code in {403, 404}
    job.refresh_from_db()
    assert job.status == "queued"


def test_a_deleted_queue_takes_its_jobs_along(queue: Queue, lead, sent):
    from annotations.queues.delete import delete_queue

    start_job(queue, Kind.WIDEN)
    delete_queue(queue, by=lead)
    assert not QueueJob.objects.exists()
