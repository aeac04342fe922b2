"""The sign of life, and what it notices."""

import pytest
from django.db import connection
from django.utils import timezone

from jobs.heartbeat import heartbeat
from jobs.models import JobLost, Status
from jobs.transitions import cancel
from tests.jobs.models import Errand
from tests.waiting import comes_true

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def claimed() -> Errand:
    return Errand.objects.claim(Errand.objects.create().pk)


def test_it_stores_the_time_and_the_progress(claimed: Errand):
    before = timezone.now()
    with heartbeat(claimed, every=0.02, progress=lambda: {"done": 5}) as beat:
        assert comes_true(lambda: Errand.objects.get().done == 5)
        beat.check()
    assert Errand.objects.get().heartbeat_at > before


def test_it_notices_a_cancelled_job(claimed: Errand):
    with heartbeat(claimed, every=0.02) as beat:
        beat.check()
        cancel(Errand.objects.get())
        with pytest.raises(JobLost):
            comes_true(beat.check, 10)


def test_it_notices_another_worker_and_writes_nothing_more(claimed: Errand):
    with heartbeat(claimed, every=0.02, progress=lambda: {"done": 5}) as beat:
        assert comes_true(lambda: Errand.objects.get().done == 5)
        Errand.objects.update(status=Status.QUEUED)
        Errand.objects.claim(claimed.pk)
        Errand.objects.update(done=0)
        with pytest.raises(JobLost):
            comes_true(beat.check, 10)
    assert Errand.objects.get().done == 0


def test_it_outlives_its_connection(claimed: Errand):
    seen = 0

    def progress() -> dict[str, int]:
        nonlocal seen
        seen += 1
        if seen == 2:
            connection.close()
            connection.connect()
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return {"done": seen}

    with heartbeat(claimed, every=0.02, progress=progress) as beat:
        assert comes_true(lambda: Errand.objects.get().done >= 4)
        beat.check()


def test_it_stops_before_the_row_is_written_in_a_transaction(claimed: Errand):
    calls: list[int] = []
    with heartbeat(claimed, every=0.01, progress=lambda: calls.append(1) or {}) as beat:
        assert comes_true(lambda: calls)
        beat.stop()
        count = len(calls)
        beat.stop()  # a second time is fine
    assert len(calls) == count
