"""Shards whose worker or message has gone."""

from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from inference import tasks
from inference.controls import pause_run
from inference.models import ScoringRun, Shard
from inference.reviving import requeue_silent, wake_all
from inference.runs import start_run
from inference.sending import messages_waiting
from tests.factories import make_dataset, make_trace
from tests.inference.scripted import claim_next, drain, scripted_scorer
from traces.models import Verdict

pytestmark = pytest.mark.usefixtures("scripted")
LONG_AGO = timedelta(minutes=10)


def going_run() -> ScoringRun:
    dataset = make_dataset()
    make_trace(dataset)
    return start_run(scripted_scorer(), dataset=dataset, created_by=None)


def silenced(run: ScoringRun) -> Shard:
    """The run's shard, claimed by a worker of which nothing was heard for ten minutes."""
    shard = run.shards.get()
    claim_next("gone")
    Shard.objects.filter(pk=shard.pk).update(heartbeat_at=timezone.now() - LONG_AGO)
    return run.shards.get()


@pytest.mark.django_db
def test_a_silent_shard_waits_again_and_is_scored_once():
    run = going_run()
    silenced(run)
    assert requeue_silent() == 1
    assert run.shards.get().status == "queued"
    drain()
    run.refresh_from_db()
    assert (run.status, run.shards.get().attempts) == ("finished", 2)
    assert Verdict.objects.count() == 1


@pytest.mark.django_db
def test_a_shard_with_a_heartbeat_is_left_alone():
    run = going_run()
    claim_next("alive")
    assert requeue_silent() == 0
    assert run.shards.get().status == "running"


@pytest.mark.django_db
def test_a_shard_that_silences_three_workers_fails_with_its_run():
    run = going_run()
    for _ in range(3):
        silenced(run)
        assert requeue_silent() == 1
    shard = run.shards.get()
    run.refresh_from_db()
    assert (run.status, shard.status) == ("failed", "failed")
    assert shard.error.startswith("The worker that had it fell silent")


@pytest.mark.django_db
def test_the_minute_job_can_run_twice():
    run = going_run()
    silenced(run)
    tasks.requeue_silent_shards()
    first = Shard.objects.values().get()
    tasks.requeue_silent_shards()
    assert Shard.objects.values().get() == first
    assert run.shards.get().status == "queued"


@pytest.fixture
def empty_queue(local_services: None):
    with current_app.connection_for_write() as connection:
        connection.default_channel.queue_declare("prm")
        connection.default_channel.queue_purge("prm")
        yield
        connection.default_channel.queue_purge("prm")


def purge() -> None:
    with current_app.connection_for_write() as connection:
        connection.default_channel.queue_purge("prm")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
def test_a_lost_message_is_sent_again_and_only_then():
    going_run()
    assert messages_waiting("prm") == 1
    wake_all()
    assert messages_waiting("prm") == 1
    purge()
    wake_all()
    assert messages_waiting("prm") == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
def test_nothing_is_sent_where_no_shard_waits():
    pause_run(going_run())
    purge()
    wake_all()
    assert messages_waiting("prm") == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
def test_a_queue_never_holds_more_messages_than_workers_could_use(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("inference.sending.MOST_MESSAGES", 3)
    for _ in range(5):
        going_run()
    assert messages_waiting("prm") == 3
    tasks.work("prm")
    assert messages_waiting("prm") == 4
    assert drain() == 4
    tasks.work("prm")
    assert messages_waiting("prm") == 4
