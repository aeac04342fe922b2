"""Messages, with the broker up, down and deaf."""

import signal
import time

import pytest
from celery import current_app
from django.db import transaction

from jobs.queueing import (
    BrokerAway,
    enqueue,
    enqueue_job,
    is_broker_up,
    messages_waiting,
    queue_of,
    send,
    send_job,
)
from tests.jobs.models import Errand
from tests.jobs.own_broker import Broker

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_message_is_sent_on_commit(broker: Broker):
    with transaction.atomic():
        enqueue("some.task", 1, "two", queue="here")
        assert messages_waiting("here") == 0
    assert messages_waiting("here") == 1


def test_nothing_is_sent_of_what_is_undone(broker: Broker):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        enqueue("some.task", queue="here")
        enqueue_job(Errand.objects.create())
        raise ZeroDivisionError
    assert messages_waiting("here") == messages_waiting("web") == 0


def test_a_job_notes_when_its_message_was_taken(broker: Broker):
    errand = Errand.objects.create()
    enqueue_job(errand)
    errand.refresh_from_db()
    assert errand.sent_at
    assert messages_waiting(queue_of(Errand.TASK)) == 1


def test_a_broker_that_is_down_raises_nothing_and_costs_little(broker: Broker):
    broker.stop()
    errand = Errand.objects.create()
    start = time.monotonic()
    with transaction.atomic():
        enqueue("some.task")
        enqueue_job(errand)
    assert time.monotonic() - start < 5
    errand.refresh_from_db()
    assert (errand.status, errand.sent_at) == ("queued", None)
    assert not is_broker_up()
    with pytest.raises(BrokerAway):
        messages_waiting("web")


def test_a_broker_that_answers_nothing_is_left_after_seconds(broker: Broker):
    assert broker.process
    broker.process.send_signal(signal.SIGSTOP)
    try:
        start = time.monotonic()
        assert not send("some.task")
        assert time.monotonic() - start < 6
    finally:
        broker.process.send_signal(signal.SIGCONT)


def test_it_sends_again_as_soon_as_the_broker_is_back(broker: Broker):
    assert send("some.task", queue="here")
    broker.stop()
    assert not send("some.task", queue="here")
    broker.start()
    assert is_broker_up()
    assert send_job(Errand.objects.create())
    assert messages_waiting("web") == 1


def test_many_messages_at_once(broker: Broker):
    assert send("some.task", ["x"], queue="here", count=7) == 7
    assert messages_waiting("here") == 7


def test_the_routes_decide_the_queue():
    assert queue_of("traces.run_import") == "data"
    assert queue_of("no.such.task") == current_app.conf.task_default_queue == "web"
