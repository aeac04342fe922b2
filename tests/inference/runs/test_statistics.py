"""The counts of a run."""

import pytest

from inference.runs.start import SHARD_SIZES, start_run
from inference.runs.statistics import run_progress
from tests.factories import make_dataset, make_trace
from tests.inference.scripted import ScriptedBackend, drain, scored, scripted_scorer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


def test_counts_before_during_and_after(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(SHARD_SIZES, "prm", 2)
    dataset = make_dataset()
    for problem in ("a", "b", "c", "mute"):
        make_trace(dataset, problem=problem)
    run = start_run(scripted_scorer(), dataset=dataset, created_by=None)
    state = run_progress(run)
    assert (state.traces, state.judged, state.shards, state.rate) == (4, 0, 2, None)
    state = run_progress(scored(run))
    assert (state.judged, state.unparsable, state.answered, state.shards_done) == (4, 1, 3, 2)
    (reason,) = state.failures
    assert (reason.reason, reason.count) == ("The model said nothing.", 1)
    assert state.seconds_left is None
    assert state.rate is not None


def test_failed_shards_are_grouped_by_their_error(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ScriptedBackend, "device_gone", True)
    dataset = make_trace(make_dataset()).dataset
    run = start_run(scripted_scorer("stuck"), dataset=dataset, created_by=None)
    drain()
    run.refresh_from_db()
    (error,) = run_progress(run).errors
    assert (error.error, error.shards, error.traces) == ("The device is gone.", 1, 1)
