"""Claims and the queries of the reaper."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.models import Job, Status, job_kinds
from tests.jobs.models import Errand, FragileErrand

pytestmark = pytest.mark.django_db


def ago(seconds: float):
    return timezone.now() - timedelta(seconds=seconds)


def test_a_job_is_claimed_once():
    errand = Errand.objects.create(error="an earlier one")
    claimed = Errand.objects.claim(errand.pk)
    assert (claimed.status, claimed.attempts, claimed.error) == (Status.RUNNING, 1, "")
    assert claimed.worker
    assert claimed.heartbeat_at and claimed.started_at
    assert Errand.objects.claim(errand.pk) is None


@pytest.mark.parametrize("status", ["running", "finished", "failed", "cancelled"])
def test_only_a_queued_job_is_claimed(status: str):
    errand = Errand.objects.create(status=status)
    assert Errand.objects.claim(errand.pk) is None
    errand.refresh_from_db()
    assert (errand.status, errand.attempts) == (status, 0)


def test_a_later_claim_fences_out_the_earlier_and_keeps_the_start():
    errand = Errand.objects.create()
    first = Errand.objects.claim(errand.pk)
    Errand.objects.update(status=Status.QUEUED)
    second = Errand.objects.claim(errand.pk)
    assert not Errand.objects.claimed(first).exists()
    assert Errand.objects.claimed(second).get() == errand
    assert second.started_at == first.started_at


def test_silent_are_running_jobs_without_a_recent_heartbeat():
    silent = Errand.objects.create(status="running", heartbeat_at=ago(121))
    Errand.objects.create(status="running", heartbeat_at=ago(100))
    Errand.objects.create(status="finished", heartbeat_at=ago(1000))
    assert list(Errand.objects.silent()) == [silent]


def test_unsent_are_queued_jobs_whose_message_no_broker_took():
    unsent = Errand.objects.create(queued_at=ago(20))
    Errand.objects.create(queued_at=ago(5))  # its transaction has just committed
    Errand.objects.create(queued_at=ago(20), sent_at=ago(19))
    Errand.objects.create(queued_at=ago(20), status="cancelled")
    assert list(Errand.objects.unsent()) == [unsent]


def test_overdue_are_queued_jobs_sent_a_while_ago():
    overdue = Errand.objects.create(sent_at=ago(31))
    Errand.objects.create(sent_at=ago(10))
    Errand.objects.create(sent_at=None)
    Errand.objects.create(sent_at=ago(100), status="running")
    assert list(Errand.objects.overdue()) == [overdue]


def test_open_and_over():
    jobs = [Errand.objects.create(status=status) for status in Status.values]
    assert [job.is_over for job in jobs] == [False, False, True, True, True]
    assert list(Errand.objects.open().order_by("pk")) == jobs[:2]


def test_seconds_count_from_the_first_start():
    assert Errand().seconds is None
    assert Errand(started_at=ago(9), ended_at=ago(2)).seconds == pytest.approx(7, abs=0.1)
    assert Errand(started_at=ago(9)).seconds == pytest.approx(9, abs=0.5)


def test_every_concrete_kind_is_known():
    kinds = job_kinds()
    assert {Errand, FragileErrand} <= set(kinds)
    assert Job not in kinds
