"""A command waits for a run."""

import pytest

from inference.models import ScoringRun
from inference.runs.start import start_run
from inference.runs.statistics import RunProgress
from inference.runs.wait import wait_for_run
from tests.factories import make_dataset, make_trace
from tests.inference.scripted import drain, scripted_scorer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


def make_run() -> ScoringRun:
    dataset = make_trace(make_dataset()).dataset
    return start_run(scripted_scorer(), dataset=dataset, created_by=None)


def test_progress_is_passed_on_until_the_run_is_over():
    states: list[int] = []

    def watch(state: RunProgress) -> None:
        states.append(state.judged)
        drain()

    run = wait_for_run(make_run(), watch, interval=0)
    assert run.status == ScoringRun.Status.FINISHED
    assert states == [0, 1]


def test_an_error_of_the_watcher_ends_the_waiting_alone():
    run = make_run()

    def stop(state: RunProgress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        wait_for_run(run, stop, interval=0)
    run.refresh_from_db()
    assert not run.is_over
