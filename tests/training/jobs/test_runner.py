"""Whole runs on a tiny model: what they leave, how they resume, what they refuse."""

import sys
from pathlib import Path

import orjson
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoModelForTokenClassification, AutoTokenizer

from tests.training.tiny import (
    make_base,
    rationale_rows,
    rollout_rows,
    step_rows,
    write_export,
)
from training.jobs.errors import JobError
from training.jobs.files import write_run
from training.jobs.runner import run
from training.jobs.trackers import read_metrics

ROWS = {"prm": step_rows, "mistake-tuning": rationale_rows, "nft": rollout_rows}
RECIPES = {"prm": "prm", "mistake-tuning": "mistake-tuning", "nft": "nft-rollouts"}


@pytest.fixture
def base(tmp_path) -> Path:
    return make_base(tmp_path / "base", dropout=0.1)


def prepared(tmp_path: Path, job: str, base: Path, name: str = "run", **settings) -> Path:
    export = tmp_path / f"export-{job}"
    if not export.exists():
        write_export(export, RECIPES[job], ROWS[job](), test=ROWS[job](4))
    values = {"base": str(base), "batch_size": 3, "steps": 6, "learning_rate": 1e-2, **settings}
    write_run(tmp_path / name, job=job, export=export, settings=values)
    return tmp_path / name


def weights(folder: Path, kind=AutoModelForCausalLM) -> dict[str, torch.Tensor]:
    return kind.from_pretrained(folder / "model").state_dict()


@pytest.mark.parametrize("job", ROWS)
@pytest.mark.parametrize("rank", [0, 2])
def test_a_job_leaves_a_model_that_loads_and_its_metrics(tmp_path, base, job, rank):
    folder = prepared(tmp_path, job, base, lora_rank=rank)
    result = run(folder)
    kind = AutoModelForTokenClassification if job == "prm" else AutoModelForCausalLM
    model, report = kind.from_pretrained(folder / "model", output_loading_info=True)
    assert not report["missing_keys"]
    assert len(AutoTokenizer.from_pretrained(folder / "model")) == model.config.vocab_size
    lines = read_metrics(folder)
    assert [line["step"] for line in lines] == [1, 2, 3, 4, 5, 6]
    assert "held_out_loss" in lines[-1]
    assert result == orjson.loads((folder / "result.json").read_bytes())
    changed = [
        name
        for name, value in AutoModelForCausalLM.from_pretrained(base).state_dict().items()
        if name in model.state_dict() and not torch.equal(value, model.state_dict()[name])
    ]
    assert changed


@pytest.mark.parametrize("rank", [0, 2])
@pytest.mark.parametrize("job", ROWS)
def test_a_resumed_run_ends_as_an_uninterrupted_one_bit_for_bit(tmp_path, base, job, rank):
    whole = prepared(tmp_path, job, base, "whole", lora_rank=rank, accumulate=2)
    run(whole)
    halted = prepared(tmp_path, job, base, "halted", lora_rank=rank, accumulate=2)
    updates = iter(range(100))
    assert run(halted, stop=lambda: next(updates) == 4) is None
    assert not (halted / "result.json").exists()
    run(halted)
    kind = AutoModelForTokenClassification if job == "prm" else AutoModelForCausalLM
    expected, found = weights(whole, kind), weights(halted, kind)
    assert all(torch.equal(expected[name], found[name]) for name in expected)
    assert read_metrics(whole) == read_metrics(halted)


def test_a_run_that_died_after_a_checkpoint_drops_the_metrics_behind_it(tmp_path, base):
    whole = prepared(tmp_path, "prm", base, "whole", checkpoint_every=2)
    run(whole)
    died = prepared(tmp_path, "prm", base, "died", checkpoint_every=2)

    def die() -> bool:
        if len(read_metrics(died)) == 5:
            raise KeyboardInterrupt
        return False

    with pytest.raises(KeyboardInterrupt):
        run(died, stop=die)
    assert [line["step"] for line in read_metrics(died)] == [1, 2, 3, 4, 5]
    run(died)
    assert read_metrics(died) == read_metrics(whole)


def test_a_finished_run_is_not_run_again(tmp_path, base):
    folder = prepared(tmp_path, "prm", base)
    first = run(folder)
    modified = (folder / "model" / "model.safetensors").stat().st_mtime_ns
    assert run(folder) == first
    assert (folder / "model" / "model.safetensors").stat().st_mtime_ns == modified


def test_a_classifier_learns_to_tell_right_steps_from_wrong(tmp_path, base):
    folder = prepared(tmp_path, "prm", base, steps=60)
    run(folder)
    losses = [line["loss"] for line in read_metrics(folder)]
    assert sum(losses[-10:]) < sum(losses[:10])


def test_an_update_is_the_same_however_it_is_cut_into_batches(tmp_path):
    base = make_base(tmp_path / "plain")
    for job in ROWS:
        at_once = prepared(tmp_path, job, base, f"{job}-1", batch_size=6, steps=1)
        in_parts = prepared(tmp_path, job, base, f"{job}-2", batch_size=2, accumulate=3, steps=1)
        run(at_once)
        run(in_parts)
        (first,), (second,) = read_metrics(at_once), read_metrics(in_parts)
        assert first["gradient_norm"] == pytest.approx(second["gradient_norm"], rel=1e-3)
        assert first["loss"] == pytest.approx(second["loss"], rel=1e-4, abs=1e-7)


def test_an_export_of_another_recipe_is_refused(tmp_path, base):
    folder = prepared(tmp_path, "prm", base)
    export = write_export(tmp_path / "other", "processbench", step_rows())
    about = orjson.loads((folder / "run.json").read_bytes())
    (folder / "run.json").write_bytes(orjson.dumps({**about, "export": str(export)}))
    with pytest.raises(JobError, match="has rows for processbench; this job reads exports for prm"):
        run(folder)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"batch_size": 0}, "Expected `int` >= 1 - at `$.batch_size`"),
        ({"speed": 3}, "unknown field `speed`"),
        ({"schedule": "steep"}, "Invalid enum value 'steep' - at `$.schedule`"),
        ({"base": " "}, "The run names no base model"),
    ],
)
def test_settings_that_do_not_fit_are_refused_before_anything_is_made(tmp_path, settings, sentence):
    with pytest.raises(JobError) as refusal:
        write_run(
            tmp_path / "run", job="prm", export=tmp_path, settings={"base": "tiny", **settings}
        )
    assert sentence in str(refusal.value)
    assert not (tmp_path / "run").exists()


def test_a_base_that_is_not_there_is_refused_with_its_name(tmp_path):
    folder = prepared(tmp_path, "prm", tmp_path / "nowhere")
    with pytest.raises(JobError, match=r"The tokenizer of .*nowhere can't be loaded"):
        run(folder)


def test_rows_that_all_are_too_long_are_refused(tmp_path, base):
    folder = prepared(tmp_path, "mistake-tuning", base, max_tokens=3)
    with pytest.raises(JobError, match="has no row to train on"):
        run(folder)


def stopped_and_resumed(folder: Path) -> None:
    """Told to stop after two updates of six, and started again."""
    answers = iter([False, False, True])
    assert run(folder, stop=lambda: next(answers)) is None
    assert run(folder) is not None


def test_mlflow_has_one_run_for_one_that_was_stopped_and_went_on(tmp_path, base, monkeypatch):
    mlflow = pytest.importorskip("mlflow")
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    mlflow.set_tracking_uri((tmp_path / "mlruns").as_uri())
    stopped_and_resumed(prepared(tmp_path, "mistake-tuning", base, tracker="mlflow"))
    client = mlflow.MlflowClient()
    experiment = client.get_experiment_by_name("misstep")
    (found,) = client.search_runs([experiment.experiment_id])
    assert found.info.status == "FINISHED"
    assert found.data.params["base"] == str(base)
    history = client.get_metric_history(found.info.run_id, "loss")
    assert [point.step for point in history] == [1, 2, 3, 4, 5, 6]


def test_wandb_goes_on_with_the_run_that_was_stopped(tmp_path, base, monkeypatch):
    pytest.importorskip("wandb")
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setenv("WANDB_DIR", str(tmp_path))
    folder = prepared(tmp_path, "mistake-tuning", base, tracker="wandb")
    stopped_and_resumed(folder)
    (number,) = orjson.loads((folder / "tracker.json").read_bytes()).values()
    left = {path.name for path in tmp_path.glob("wandb/offline-run-*/*.wandb")}
    assert left == {f"run-{number}.wandb"}


def test_a_tracker_that_is_not_installed_is_named(tmp_path, base, monkeypatch):
    monkeypatch.setitem(sys.modules, "wandb", None)
    folder = prepared(tmp_path, "prm", base, tracker="wandb")
    with pytest.raises(JobError, match="pip install wandb"):
        run(folder)
