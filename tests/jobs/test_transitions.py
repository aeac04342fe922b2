"""The moves of a job, and who may make them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from jobs.models import JobLost, JobRefused, Status
from jobs.transitions import cancel, clean_up, fail, finish, release, requeue
from tests.jobs import errands
from tests.jobs.models import Errand, FragileErrand

pytestmark = pytest.mark.django_db


@pytest.fixture
def claimed() -> Errand:
    return Errand.objects.claim(Errand.objects.create().pk)


@pytest.fixture
def lost(claimed: Errand) -> Errand:
    """Return a claim that another worker has replaced."""
    Errand.objects.update(status=Status.QUEUED)
    Errand.objects.claim(claimed.pk)
    return claimed


def state(job: Errand) -> tuple[str, str]:
    job.refresh_from_db()
    return job.status, job.error


def test_finish_stores_the_fields_with_the_state(claimed: Errand):
    finish(claimed, result="bread", done=3)
    assert state(claimed) == ("finished", "")
    assert (claimed.result, claimed.done) == ("bread", 3)
    assert claimed.ended_at


def test_finish_again_changes_nothing(claimed: Errand):
    finish(claimed, result="bread")
    claimed.refresh_from_db()
    ended = claimed.ended_at
    finish(claimed, result="milk")
    claimed.refresh_from_db()
    assert (claimed.result, claimed.ended_at) == ("bread", ended)


def test_finish_raises_for_a_claim_that_is_lost(lost: Errand):
    with pytest.raises(JobLost):
        finish(lost, result="bread")
    assert state(lost) == ("running", "")
    assert lost.result == ""


def test_fail_says_why(claimed: Errand):
    assert fail(claimed, "The shop is shut.")
    assert state(claimed) == ("failed", "The shop is shut.")
    assert claimed.ended_at


def test_fail_of_a_lost_claim_changes_nothing(lost: Errand):
    assert not fail(lost, "The shop is shut.")
    assert state(lost) == ("running", "")


def test_release_queues_the_job_again(claimed: Errand):
    Errand.objects.update(sent_at=claimed.started_at)
    assert release(claimed, "stopped")
    assert state(claimed) == ("queued", "stopped")
    assert (claimed.sent_at, claimed.attempts, claimed.attempts_allowed) == (None, 1, 3)


def test_release_may_leave_the_attempts_left(claimed: Errand):
    assert release(claimed, counts=False)
    claimed.refresh_from_db()
    assert (claimed.attempts, claimed.attempts_allowed) == (1, 4)


def test_release_of_a_lost_claim_changes_nothing(lost: Errand):
    assert not release(lost)
    assert state(lost) == ("running", "")


@pytest.mark.parametrize("status", ["queued", "running"])
def test_cancel_ends_an_open_job(status: str):
    errand = Errand.objects.create(status=status)
    cancel(errand)
    assert (errand.status, bool(errand.ended_at)) == ("cancelled", True)
    # What a running one leaves, its worker removes.
    assert errands.cleaned == ([(errand.pk, 0)] if status == "queued" else [])


def test_what_a_silent_worker_left_is_removed_on_cancel(claimed: Errand):
    Errand.objects.update(heartbeat_at=timezone.now() - timedelta(minutes=3))
    cancel(claimed)
    assert errands.cleaned == [(claimed.pk, 1)]


@pytest.mark.parametrize("status", ["finished", "failed", "cancelled"])
def test_cancel_leaves_what_is_over(status: str):
    errand = Errand.objects.create(status=status)
    with pytest.raises(JobRefused, match=f"^Errand .* is {status}: there is nothing to cancel"):
        cancel(errand)
    assert errand.status == status


def test_a_cancelled_job_can_neither_finish_nor_fail(claimed: Errand):
    cancel(Errand.objects.get())
    with pytest.raises(JobLost):
        finish(claimed)
    assert not fail(claimed, "too late")
    assert not release(claimed)
    assert state(claimed) == ("cancelled", "")


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_requeue_allows_three_more_attempts(status: str):
    errand = Errand.objects.create(status=status, attempts=3, error="x")
    requeue(errand)
    assert (errand.status, errand.error, errand.attempts_allowed) == ("queued", "", 6)


@pytest.mark.parametrize("status", ["queued", "running", "finished"])
def test_requeue_leaves_other_states(status: str):
    errand = Errand.objects.create(status=status)
    with pytest.raises(JobRefused, match="There is nothing to resume"):
        requeue(errand)
    assert errand.status == status


def test_clean_up_survives_what_it_meets(monkeypatch: pytest.MonkeyPatch, claimed: Errand):
    clean_up(FragileErrand())  # has nothing to remove

    def broken(job: Errand) -> None:
        raise OSError("disk")

    monkeypatch.setattr(errands, "clean_up", broken)
    clean_up(claimed)
    assert state(claimed) == ("running", "")
