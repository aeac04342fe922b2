"""Workers register themselves."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inference.models import Worker
from inference.workers import identity
from inference.workers.identity import ThisWorker
from inference.workers.registration import delete_stale_workers, register_worker
from tests.inference.scripted import make_worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


@pytest.fixture
def me(monkeypatch: pytest.MonkeyPatch) -> ThisWorker:
    me = ThisWorker("prm@here", ["prm"], ["scripted"], concurrency=2, reports=True)
    monkeypatch.setattr(identity, "_this", me)
    return me


def test_a_worker_writes_one_row_however_often_it_begins(me: ThisWorker):
    for _ in range(2):
        register_worker(me)
    row = Worker.objects.get()
    assert (row.queues, row.backends, row.concurrency) == (["prm"], ["scripted"], 2)
    assert row.versions["python"]
    assert "CPU" in row.device
    assert list(Worker.objects.connected()) == [row]


def test_a_worker_unheard_of_for_a_week_is_forgotten():
    make_worker("prm@here")
    make_worker("prm@gone")
    week_ago = timezone.now() - timedelta(days=7, minutes=1)
    Worker.objects.filter(name="prm@gone").update(heartbeat_at=week_ago)
    delete_stale_workers()
    assert Worker.objects.get().name == "prm@here"
