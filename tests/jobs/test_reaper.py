"""Silent jobs and lost messages, of every kind."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from jobs import reaper
from jobs.queueing import messages_waiting
from jobs.reaper import reap, reap_kind, resend_lost
from tests.jobs import errands
from tests.jobs.models import Errand, FragileErrand
from tests.jobs.own_broker import Broker

pytestmark = pytest.mark.django_db(transaction=True)


def ago(seconds: float):
    return timezone.now() - timedelta(seconds=seconds)


def silent(kind=Errand, **fields):
    return kind.objects.create(status="running", heartbeat_at=ago(300), **fields)


def test_a_silent_job_waits_again_and_is_sent_at_once(broker: Broker):
    errand = silent(attempts=1)
    reap()
    errand.refresh_from_db()
    assert (errand.status, errand.error) == ("queued", Errand.SILENCE_ERROR)
    assert errand.sent_at
    assert messages_waiting("web") == 1
    reap()
    assert messages_waiting("web") == 1


def test_a_silent_job_whose_attempts_are_used_up_fails(broker: Broker):
    errand = silent(attempts=3)
    reap()
    errand.refresh_from_db()
    assert (errand.status, errand.error) == ("failed", Errand.SILENCE_ERROR)
    assert errand.ended_at
    assert errands.cleaned == [(errand.pk, 3)]
    assert messages_waiting("web") == 0


def test_a_kind_that_may_not_run_twice_fails_on_silence(broker: Broker):
    errand = silent(FragileErrand, attempts=1)
    reap()
    errand.refresh_from_db()
    assert (errand.status, errand.error) == ("failed", "The worker is gone; start it again.")


def test_a_living_job_is_left_alone(broker: Broker):
    errand = Errand.objects.create(status="running", heartbeat_at=ago(60))
    reap()
    errand.refresh_from_db()
    assert errand.status == "running"


def test_one_round_is_bounded(broker: Broker, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reaper, "AT_ONCE", 2)
    for _ in range(3):
        silent()
    assert [reap_kind(Errand) for _ in range(3)] == [2, 1, 0]


def test_a_job_that_was_never_sent_is_sent(broker: Broker):
    errand = Errand.objects.create(queued_at=ago(20))
    assert resend_lost() == 1
    errand.refresh_from_db()
    assert errand.sent_at
    assert resend_lost() == 0


def test_a_message_that_the_broker_forgot_is_sent_again(broker: Broker):
    Errand.objects.create(sent_at=ago(40))
    FragileErrand.objects.create(sent_at=ago(40))
    assert resend_lost() == 2
    assert messages_waiting("web") == 2


def test_a_job_that_only_waits_in_line_is_not_sent_again(broker: Broker):
    for _ in range(3):
        reaper.send_job(Errand.objects.create())
    Errand.objects.update(sent_at=ago(4000))
    assert resend_lost() == 0
    assert messages_waiting("web") == 3


def test_a_broker_that_is_down_costs_one_try(broker: Broker):
    for _ in range(4):
        Errand.objects.create(queued_at=ago(20))
    silent(attempts=1)
    broker.stop()
    reap()
    assert Errand.objects.filter(status="queued", sent_at=None).count() == 5
    broker.start()
    Errand.objects.update(queued_at=ago(20))
    assert resend_lost() == 5


def test_a_kind_that_can_not_be_reaped_does_not_keep_the_others_waiting(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Errand, "REAPER", "tests.jobs.test_reaper.broken")
    errand = silent(FragileErrand)
    reap()
    errand.refresh_from_db()
    assert errand.status == "failed"


def broken(kind: type[Errand]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
