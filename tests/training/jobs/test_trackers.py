"""Metrics of a run in its folder, in MLflow and in W&B."""

import sys
from pathlib import Path

import orjson
import pytest

from tests.training.tiny import make_base, rationale_rows, write_export
from training.jobs.errors import JobError
from training.jobs.files import write_run
from training.jobs.runner import run
from training.jobs.trackers import METRICS, Tracker, read_metrics


def open_tracker(folder: Path, step: int = 0, external: str = "") -> Tracker:
    return Tracker(folder, step=step, external=external, parameters={"base": "tiny"})


def test_a_folder_without_metrics_has_no_lines(tmp_path: Path):
    assert read_metrics(tmp_path) == []


def test_a_resumed_run_drops_the_lines_after_its_step(tmp_path: Path):
    tracker = open_tracker(tmp_path)
    for step in (1, 2, 3):
        tracker.log(step, loss=step / 2)
    tracker.close()
    tracker = open_tracker(tmp_path, step=2)
    tracker.log(3, loss=9.0)
    tracker.close(finished=True)
    assert [line["loss"] for line in read_metrics(tmp_path)] == [0.5, 1.0, 9.0]


def test_an_incomplete_line_is_skipped(tmp_path: Path):
    (tmp_path / METRICS).write_bytes(b'{"step": 1}\n{"st')
    assert read_metrics(tmp_path) == [{"step": 1}]


def stop_and_resume(tmp_path: Path, tracker: str) -> Path:
    """Stop a run after two updates of six, resume it and return its folder."""
    export = write_export(tmp_path / "export", "mistake-tuning", rationale_rows())
    values = {"base": str(make_base(tmp_path / "base")), "batch_size": 3, "steps": 6}
    folder = tmp_path / "run"
    write_run(folder, job="mistake-tuning", export=export, settings={**values, "tracker": tracker})
    answers = iter([False, False, True])
    assert run(folder, stop=lambda: next(answers)) is None
    assert run(folder) is not None
    return folder


def test_mlflow_has_one_run_after_an_interruption(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    mlflow = pytest.importorskip("mlflow")
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    mlflow.set_tracking_uri((tmp_path / "mlruns").as_uri())
    stop_and_resume(tmp_path, "mlflow")
    client = mlflow.MlflowClient()
    experiment = client.get_experiment_by_name("misstep")
    (tracked,) = client.search_runs([experiment.experiment_id])
    assert tracked.info.status == "FINISHED"
    assert tracked.data.params["base"] == str(tmp_path / "base")
    history = client.get_metric_history(tracked.info.run_id, "loss")
    assert [point.step for point in history] == [1, 2, 3, 4, 5, 6]


def test_wandb_has_one_run_after_an_interruption(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    pytest.importorskip("wandb")
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_DIR", str(tmp_path))
    folder = stop_and_resume(tmp_path, "wandb")
    (run_id,) = orjson.loads((folder / "tracker.json").read_bytes()).values()
    files = {path.name for path in tmp_path.glob("wandb/offline-run-*/*.wandb")}
    assert files == {f"run-{run_id}.wandb"}


def test_a_tracker_that_is_not_installed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "wandb", None)
    with pytest.raises(JobError, match="pip install wandb"):
        open_tracker(tmp_path, external="wandb")
