"""The queries of workers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from inference.models import Worker
from inference.workers import identity
from inference.workers.identity import ThisWorker
from inference.workers.registration import register_worker, update_heartbeat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


@pytest.fixture
def me(monkeypatch: pytest.MonkeyPatch) -> ThisWorker:
    me = ThisWorker("prm@here", ["prm"], ["scripted"], concurrency=2, reports=True)
    monkeypatch.setattr(identity, "_this", me)
    return me


def test_a_heartbeat_brings_a_silent_worker_back(me: ThisWorker):
    register_worker(me)
    Worker.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=1))
    assert not Worker.objects.connected().exists()
    update_heartbeat(me)
    assert Worker.objects.connected().exists()
