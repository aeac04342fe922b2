"""Complete runs on a tiny model: their results, how they resume, and refused exports."""

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


def write(tmp_path: Path, job: str, base: Path, name: str = "run", **settings) -> Path:
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
def test_a_job_saves_a_model_that_loads_and_its_metrics(tmp_path, base, job, rank):
    folder = write(tmp_path, job, base, lora_rank=rank)
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
def test_a_resumed_run_ends_with_the_weights_of_an_uninterrupted_one(tmp_path, base, job, rank):
    whole = write(tmp_path, job, base, "whole", lora_rank=rank, accumulate=2)
    run(whole)
    halted = write(tmp_path, job, base, "halted", lora_rank=rank, accumulate=2)
    updates = iter(range(100))
    assert run(halted, stop=lambda: next(updates) == 4) is None
    assert not (halted / "result.json").exists()
    run(halted)
    kind = AutoModelForTokenClassification if job == "prm" else AutoModelForCausalLM
    expected, resumed = weights(whole, kind), weights(halted, kind)
    assert all(torch.equal(expected[name], resumed[name]) for name in expected)
    assert read_metrics(whole) == read_metrics(halted)


def test_a_run_that_died_drops_the_metrics_after_its_checkpoint(tmp_path, base):
    whole = write(tmp_path, "prm", base, "whole", checkpoint_every=2)
    run(whole)
    died = write(tmp_path, "prm", base, "died", checkpoint_every=2)

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
    folder = write(tmp_path, "prm", base)
    first = run(folder)
    modified = (folder / "model" / "model.safetensors").stat().st_mtime_ns
    assert run(folder) == first
    assert (folder / "model" / "model.safetensors").stat().st_mtime_ns == modified


def test_the_loss_of_a_step_classifier_falls(tmp_path, base):
    folder = write(tmp_path, "prm", base, steps=60)
    run(folder)
    losses = [line["loss"] for line in read_metrics(folder)]
    assert sum(losses[-10:]) < sum(losses[:10])


def test_an_export_of_another_recipe_is_refused(tmp_path, base):
    folder = write(tmp_path, "prm", base)
    export = write_export(tmp_path / "other", "processbench", step_rows())
    spec = orjson.loads((folder / "run.json").read_bytes())
    (folder / "run.json").write_bytes(orjson.dumps({**spec, "export": str(export)}))
    with pytest.raises(JobError, match="has rows for processbench; this job reads exports for prm"):
        run(folder)


def test_an_export_with_only_long_rows_is_refused(tmp_path, base):
    folder = write(tmp_path, "mistake-tuning", base, max_tokens=3)
    with pytest.raises(JobError, match="has no row to train on"):
        run(folder)
