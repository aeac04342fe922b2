"""The jobs of a queue."""

import pytest

from annotations.models import QueueJob
from tests.annotations.factories import make_queue

pytestmark = pytest.mark.django_db


def test_a_job_is_named_by_its_queue_and_kind():
    job = QueueJob.objects.create(queue=make_queue(0), kind=QueueJob.Kind.WIDEN)
    assert str(job) == f"job {job.pk} of queue {job.queue_id} (raise overlap)"


def test_a_new_job_is_queued_for_the_task_of_all_queue_jobs():
    job = QueueJob.objects.create(queue=make_queue(0), kind=QueueJob.Kind.FILL)
    assert (job.status, job.attempts, job.TASK) == ("queued", 0, "annotations.run_queue_job")
    assert list(job.message_args) == [job.pk]


def test_jobs_go_with_their_queue():
    queue = make_queue(0)
    QueueJob.objects.create(queue=queue, kind=QueueJob.Kind.RELEASE)
    queue.delete()
    assert not QueueJob.objects.exists()
