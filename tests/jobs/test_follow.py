"""Waiting for a job at the terminal."""

import pytest

from jobs import follow as following
from jobs.follow import Look, follow, follow_job
from tests.jobs.models import Errand


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "LOOK_SECONDS", 0)


def test_it_looks_until_the_work_is_over():
    looks = [Look(done, 3, "", done == 3) for done in (1, 2, 3, 4)]
    follow("work", lambda: looks.pop(0), seconds=0)
    assert [look.done for look in looks] == [4]


@pytest.mark.django_db
def test_a_job_is_followed_to_its_end(capsys: pytest.CaptureFixture[str]):
    errand = Errand.objects.create(total=4)
    looks = iter([{"status": "running", "done": 2}, {"status": "finished", "done": 4}])

    def go_on() -> None:
        Errand.objects.update(**next(looks))

    follow_job(errand, title="shopping", check=go_on)
    assert (errand.status, errand.done) == ("finished", 4)
    shown = capsys.readouterr().err
    assert "shopping" in shown
    assert "4/4" in shown
    assert "finished" in shown


@pytest.mark.django_db
def test_what_the_check_raises_ends_the_waiting():
    errand = Errand.objects.create()

    def gone() -> None:
        raise ProcessLookupError

    with pytest.raises(ProcessLookupError):
        follow_job(errand, check=gone)
    assert errand.status == "queued"
