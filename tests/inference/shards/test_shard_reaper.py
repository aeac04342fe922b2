"""Shards whose worker or message has gone."""

from datetime import timedelta

import pytest
from celery import current_app
from django.utils import timezone

from inference import tasks
from inference.backends.interface import Finding
from inference.models import ScoringRun, Shard
from inference.runs.control import pause_run
from inference.runs.start import start_run
from inference.shards.claim import claim_next_shard
from inference.shards.results import Cost, record_verdicts
from inference.shards.shard_reaper import (
    reap,
    requeue_of_worker,
    requeue_silent,
    resend_lost_messages,
)
from jobs.queueing import messages_waiting
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
    """Return the run's shard, claimed by a worker without a heartbeat for ten minutes."""
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
def test_a_trace_that_silences_every_worker_is_found_by_halving():
    dataset = make_dataset()
    poison = [make_trace(dataset) for _ in range(5)][3].pk
    run = start_run(scripted_scorer(), dataset=dataset, created_by=None)
    for _ in range(40):
        claim = claim_next_shard(["prm"], backends=["scripted"], worker="a worker")
        if claim is None:
            break
        if poison in claim.trace_ids:
            Shard.objects.filter(pk=claim.shard_id).update(heartbeat_at=timezone.now() - LONG_AGO)
            assert requeue_silent() == 1
        else:
            right = dict.fromkeys(claim.trace_ids, Finding(-1))
            record_verdicts(claim, right, judge_id=run.scorer.judge_id, cost=Cost(1))
    run.refresh_from_db()
    assert run.status == "failed"
    failed = run.shards.get(status="failed")
    assert failed.trace_ids == [poison]
    assert failed.error.startswith("Its worker stopped responding")
    assert Verdict.objects.count() == 4
    assert not Verdict.objects.filter(trace=poison).exists()
    numbers = sorted(run.shards.values_list("number", flat=True))
    assert numbers == list(range(len(numbers)))


@pytest.mark.django_db
def test_a_restarted_worker_gives_its_predecessors_shards_back():
    run = going_run()
    claim_next("prm@here")
    now = timedelta()
    assert requeue_of_worker("prm@there", began=now) == 0
    assert requeue_of_worker("prm@here", began=timedelta(minutes=1)) == 0  # a claim of its own
    assert requeue_of_worker("prm@here", began=now) == 1
    assert run.shards.get().status == "queued"
    assert run.events.latest("pk").sentence == (
        "prm@here stopped responding while scoring shard 0: queued again."
    )


@pytest.mark.django_db
def test_the_minute_job_can_run_twice():
    run = going_run()
    silenced(run)
    reap()
    first = Shard.objects.values().get()
    reap()
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
    resend_lost_messages()
    assert messages_waiting("prm") == 1
    purge()
    resend_lost_messages()
    assert messages_waiting("prm") == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
def test_nothing_is_sent_where_no_shard_waits():
    pause_run(going_run())
    purge()
    resend_lost_messages()
    assert messages_waiting("prm") == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("empty_queue")
def test_a_queue_never_holds_more_messages_than_workers_could_use(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("inference.shards.dispatch.MOST_MESSAGES", 3)
    for _ in range(5):
        going_run()
    assert messages_waiting("prm") == 3
    tasks.work("prm")
    assert messages_waiting("prm") == 4
    assert drain() == 4
    tasks.work("prm")
    assert messages_waiting("prm") == 4
