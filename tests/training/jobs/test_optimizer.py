"""Updates: the same however they are batched and resumed, and refused if they diverge."""

import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.training.tiny import (
    make_base,
    rationale_rows,
    rollout_rows,
    step_rows,
    write_export,
)
from training.jobs import optimizer as optimizer_module
from training.jobs.batches import Example
from training.jobs.checkpoints import CHECKPOINT
from training.jobs.errors import JobError
from training.jobs.files import write_run
from training.jobs.job_settings import Settings
from training.jobs.likelihood import LanguageModellingLoss
from training.jobs.optimizer import (
    TrainingSetup,
    _update_batches,
    create_optimizer,
    held_out_loss,
    learning_rate,
)
from training.jobs.runner import run
from training.jobs.trackers import read_metrics

ROWS = {"prm": step_rows, "mistake-tuning": rationale_rows, "nft": rollout_rows}
RECIPES = {"prm": "prm", "mistake-tuning": "mistake-tuning", "nft": "nft-rollouts"}


def write(tmp_path: Path, name: str = "run", job: str = "mistake-tuning", **settings: Any) -> Path:
    base, export = tmp_path / "base", tmp_path / f"export-{job}"
    if not base.exists():
        make_base(base)
    if not export.exists():
        write_export(export, RECIPES[job], ROWS[job]())
    values = {"base": str(base), "batch_size": 3, "steps": 6, "learning_rate": 1e-2, **settings}
    write_run(tmp_path / name, job=job, export=export, settings=values)
    return tmp_path / name


def setup(count: int, **settings: Any) -> TrainingSetup:
    examples = [Example([number], [number]) for number in range(count)]
    model = torch.nn.Linear(2, 2)
    return TrainingSetup(
        model, LanguageModellingLoss(), examples, [], Settings(base="x", **settings), 0
    )


def test_the_rate_rises_during_warm_up_and_then_follows_the_schedule():
    cosine = Settings(base="x", learning_rate=1.0, warmup=0.2)
    rates = [learning_rate(step, 10, cosine) for step in range(10)]
    assert rates[:3] == [0.5, 1.0, 1.0]
    assert rates[6] == pytest.approx((1 + math.cos(math.pi / 2)) / 2)
    assert all(second < first for first, second in pairwise(rates[2:]))
    constant = Settings(base="x", learning_rate=1.0, warmup=0.2, schedule="constant")
    assert [learning_rate(step, 10, constant) for step in (0, 1, 5, 9)] == [0.5, 1, 1, 1]


def test_only_matrices_have_weight_decay():
    model = torch.nn.Linear(2, 3)
    model.bias.requires_grad_(True)
    matrices, vectors = create_optimizer(model, Settings(base="x", weight_decay=0.1)).param_groups
    assert [p.shape for p in matrices["params"]] == [(3, 2)]
    assert (matrices["weight_decay"], vectors["weight_decay"]) == (0.1, 0.0)


def test_steps_follow_from_epochs_unless_they_are_set():
    assert setup(10, batch_size=4, epochs=2.0).steps == 5
    assert setup(10, batch_size=4, epochs=2.0, steps=3).steps == 3


def test_the_batches_of_all_updates_are_epochs_of_shuffled_examples():
    work = setup(6, batch_size=2, accumulate=2)
    ids = [e.ids[0] for step in range(3) for batch in _update_batches(work, step) for e in batch]
    assert len(ids) == 12
    assert sorted(ids[:6]) == sorted(ids[6:]) == list(range(6))


def test_there_is_no_held_out_loss_without_held_out_examples():
    assert held_out_loss(setup(2)) is None


def test_an_update_is_the_same_however_it_is_split_into_batches(tmp_path: Path):
    for job in ROWS:
        one = write(tmp_path, f"{job}-1", job, batch_size=6, steps=1)
        several = write(tmp_path, f"{job}-2", job, batch_size=2, accumulate=3, steps=1)
        run(one)
        run(several)
        (first,), (second,) = read_metrics(one), read_metrics(several)
        assert first["gradient_norm"] == pytest.approx(second["gradient_norm"], rel=1e-3)
        assert first["loss"] == pytest.approx(second["loss"], rel=1e-4, abs=1e-7)


def test_a_loss_that_is_not_a_number_ends_the_run_with_the_weights_intact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = write(tmp_path, checkpoint_every=1)
    update = optimizer_module.update

    def diverging(setup: TrainingSetup, optimizer: Any, step: int) -> dict[str, float]:
        if step == 2:
            with torch.no_grad():
                next(setup.model.parameters()).fill_(float("nan"))
        return update(setup, optimizer, step)

    monkeypatch.setattr(optimizer_module, "update", diverging)
    with pytest.raises(JobError, match=r"Update 3 has a loss of nan .* smaller learning_rate"):
        run(folder)
    checkpoint = torch.load(folder / CHECKPOINT, weights_only=True)
    assert checkpoint["step"] == 2
    assert all(bool(weight.isfinite().all()) for weight in checkpoint["weights"].values())
    assert not (folder / "model").exists()
