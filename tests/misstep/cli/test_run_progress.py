from collections.abc import Callable

import pytest

from inference.models import ScoringRun
from inference.runs.start import start_run
from jobs import follow as following
from misstep.cli.run_progress import follow
from misstep.local.errors import LocalServiceError
from tests.factories import make_trace
from tests.inference.scripted import drain, scripted, scripted_scorer

__all__ = ["scripted"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


class Workers:
    """The workers of a command; `on_check` is called each time they are looked at."""

    def __init__(self, on_check: Callable[[], None]) -> None:
        self.checks = 0
        self._on_check = on_check

    def check(self) -> None:
        self.checks += 1
        self._on_check()


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> ScoringRun:
    monkeypatch.setattr(following.time, "sleep", lambda seconds: None)
    return start_run(scripted_scorer(), dataset=make_trace().dataset, created_by=None)


def test_a_run_is_followed_to_its_end(run: ScoringRun, capsys: pytest.CaptureFixture[str]) -> None:
    workers = Workers(lambda: None if workers.checks == 1 else drain())
    ended = follow(run, workers)
    assert (ended.pk, ended.status) == (run.pk, ScoringRun.Status.FINISHED)
    assert workers.checks >= 2
    shown = capsys.readouterr().err
    assert run.scorer.name in shown
    assert "1/1" in shown


def test_a_lost_worker_ends_the_wait_and_not_the_run(run: ScoringRun) -> None:
    def lose() -> None:
        raise LocalServiceError("worker-prm stopped 5 times in a row.")

    with pytest.raises(LocalServiceError, match="5 times"):
        follow(run, Workers(lose))
    run.refresh_from_db()
    assert not run.is_over
