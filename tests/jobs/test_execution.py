"""One job from claim to end, with everything that may come between."""

import pytest
from django.db import OperationalError, connection

from database import retry
from jobs.execution import run_job
from jobs.heartbeat import Heartbeat
from jobs.transitions import cancel, finish
from tests.jobs import errands
from tests.jobs.models import Errand
from tests.waiting import comes_true

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def errand() -> Errand:
    return Errand.objects.create()


@pytest.fixture(autouse=True)
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry.time, "sleep", lambda seconds: None)


def state(errand: Errand) -> tuple[str, str]:
    errand.refresh_from_db()
    return errand.status, errand.error


def cut() -> None:
    """End this connection's session, as an administrator does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def test_it_finishes_with_the_fields_of_the_work(errand: Errand):
    run_job(Errand, errand.pk, lambda job, beat: {"result": f"attempt {job.attempts}"})
    assert state(errand) == ("finished", "")
    assert errand.result == "attempt 1"


def test_a_second_message_has_no_effect(errand: Errand):
    run_job(Errand, errand.pk, lambda job, beat: {"result": "first"})
    run_job(Errand, errand.pk, lambda job, beat: {"result": "second"})
    errand.refresh_from_db()
    assert (errand.result, errand.attempts) == ("first", 1)


def test_an_error_fails_it_with_a_sentence(errand: Errand):
    def work(job: Errand, beat: Heartbeat) -> None:
        raise ValueError("sold out")

    run_job(Errand, errand.pk, work, explain=lambda error: f"The shop said: {error}.")
    assert state(errand) == ("failed", "The shop said: sold out.")
    assert errands.cleaned == [(errand.pk, 1)]


def test_work_may_end_the_job_itself(errand: Errand):
    def work(job: Errand, beat: Heartbeat) -> None:
        finish(job, result="mine")

    run_job(Errand, errand.pk, work)
    assert state(errand) == ("finished", "")
    assert errand.result == "mine"


def test_progress_is_stored_while_it_works(errand: Errand):
    def work(job: Errand, beat: Heartbeat) -> dict[str, int]:
        job.total = 9
        assert comes_true(lambda: Errand.objects.get().total == 9, 10)
        return {"done": 9}

    run_job(Errand, errand.pk, work, every=0.02, progress=lambda job: {"total": job.total})
    errand.refresh_from_db()
    assert (errand.done, errand.total) == (9, 9)


def test_a_cancelled_job_is_cleaned_up_and_stays_cancelled(errand: Errand):
    def work(job: Errand, beat: Heartbeat) -> dict[str, str]:
        cancel(Errand.objects.get())
        comes_true(beat.check, 10)
        raise AssertionError("the heartbeat noticed nothing")

    run_job(Errand, errand.pk, work, every=0.02)
    assert state(errand) == ("cancelled", "")
    assert errands.cleaned == [(errand.pk, 1)]


def test_a_job_cancelled_at_the_last_moment_does_not_finish(errand: Errand):
    def work(job: Errand, beat: Heartbeat) -> dict[str, str]:
        cancel(Errand.objects.get())
        return {"result": "late"}

    run_job(Errand, errand.pk, work)
    assert state(errand) == ("cancelled", "")
    assert (errand.result, errands.cleaned) == ("", [(errand.pk, 1)])


def test_a_connection_lost_at_work_queues_it_again_and_is_told_to_the_task(errand: Errand):
    def work(job: Errand, beat: Heartbeat) -> None:
        cut()

    with pytest.raises(OperationalError):
        run_job(Errand, errand.pk, work)
    assert state(errand) == ("queued", "")
    assert errand.attempts_allowed == 4
    run_job(Errand, errand.pk, lambda job, beat: {"result": "again"})
    assert state(errand) == ("finished", "")


def test_a_connection_lost_before_the_end_costs_no_work(errand: Errand):
    def work(job: Errand, beat: Heartbeat) -> dict[str, str]:
        with pytest.raises(OperationalError):
            cut()
        return {"result": "kept"}

    run_job(Errand, errand.pk, work)
    assert state(errand) == ("finished", "")
    assert (errand.result, errand.attempts) == ("kept", 1)


def test_a_worker_that_is_stopped_gives_the_job_back(errand: Errand):
    def work(job: Errand, beat: Heartbeat) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        run_job(Errand, errand.pk, work)
    assert state(errand) == ("queued", "")
