"""Shards whose worker or message has gone."""

from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from inference import tasks
from inference.claims import take
from inference.models import ScoringRun, Shard
from inference.reviving import requeue_silent, resend_lost
from inference.runs import cancel_run, start_run
from inference.sending import messages_waiting
from inference.shards import score
from tests.factories import make_dataset, make_trace
from tests.inference.scripted import scripted_scorer
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
    assert take(shard.pk, worker="gone") is not None
    Shard.objects.filter(pk=shard.pk).update(heartbeat_at=timezone.now() - LONG_AGO)
    return run.shards.get()


@pytest.mark.django_db
def test_a_silent_shard_waits_again_and_is_scored_once():
    run = going_run()
    shard = silenced(run)
    assert requeue_silent() == 1
    assert run.shards.get().status == "queued"
    score(shard.pk)
    run.refresh_from_db()
    assert (run.status, run.shards.get().attempts) == ("finished", 2)
    assert Verdict.objects.count() == 1


@pytest.mark.django_db
def test_a_shard_with_a_heartbeat_is_left_alone():
    run = going_run()
    take(run.shards.get().pk, worker="alive")
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


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
def test_a_lost_message_is_sent_again_and_only_then():
    going_run()
    assert messages_waiting("prm") == 1
    Shard.objects.update(sent_at=timezone.now() - LONG_AGO)
    assert resend_lost() == 0  # its message is there
    with current_app.connection_for_write() as connection:
        connection.default_channel.queue_purge("prm")
    assert resend_lost() == 1
    assert messages_waiting("prm") == 1
    assert resend_lost() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
def test_a_fresh_or_cancelled_shard_is_not_sent_again():
    run = going_run()
    with current_app.connection_for_write() as connection:
        connection.default_channel.queue_purge("prm")
    assert resend_lost() == 0
    Shard.objects.update(sent_at=timezone.now() - LONG_AGO)
    cancel_run(run)
    assert resend_lost() == 0
