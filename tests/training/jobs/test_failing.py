"""Runs that can't go on say so in a sentence, and leave what they had."""

import errno
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.training.tiny import make_base, rationale_rows, rollout_rows, write_export
from training.jobs import checkpoints, nft
from training.jobs import optimizer as jobs_optimizer
from training.jobs.__main__ import work
from training.jobs.checkpoints import CHECKPOINT
from training.jobs.errors import JobError
from training.jobs.examples import Example
from training.jobs.files import ERROR, write_run
from training.jobs.runner import run


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return make_base(tmp_path / "base")


def prepared(tmp_path: Path, base: Path, **settings: Any) -> Path:
    export = write_export(tmp_path / "export", "mistake-tuning", rationale_rows())
    values = {"base": str(base), "batch_size": 3, "steps": 6, **settings}
    write_run(tmp_path / "run", job="mistake-tuning", export=export, settings=values)
    return tmp_path / "run"


def full(*_: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_loss_that_is_no_number_ends_the_run_before_it_spoils_the_weights(
    tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = prepared(tmp_path, base, checkpoint_every=1)
    update = jobs_optimizer.update

    def spoilt(work_: Any, optimizer: Any, step: int) -> dict[str, float]:
        if step == 2:
            with torch.no_grad():
                next(work_.model.parameters()).fill_(float("nan"))
        return update(work_, optimizer, step)

    monkeypatch.setattr(jobs_optimizer, "update", spoilt)
    with pytest.raises(JobError, match=r"Update 3 has a loss of nan .* smaller learning_rate"):
        run(folder)
    kept = torch.load(folder / CHECKPOINT, weights_only=True)
    assert kept["step"] == 2
    assert all(bool(weight.isfinite().all()) for weight in kept["weights"].values())
    assert not (folder / "model").exists()


def test_a_full_disk_is_said_and_the_last_checkpoint_stays(
    tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = prepared(tmp_path, base, checkpoint_every=2)
    with monkeypatch.context() as patch:
        save = jobs_optimizer.save_checkpoint

        def filling(*given: Any) -> None:
            if given[-1] == 4:
                patch.setattr(checkpoints.os, "fsync", full)
            save(*given)

        patch.setattr(jobs_optimizer, "save_checkpoint", filling)
        assert work(folder, lambda: False) == 1
    assert "No space left on device. Make room" in (folder / ERROR).read_text()
    assert torch.load(folder / CHECKPOINT, weights_only=True)["step"] == 2
    assert not list(folder.glob("*.partial"))
    assert work(folder, lambda: False) == 0


def test_torchs_own_words_for_a_full_disk_are_a_sentence_too(tmp_path: Path):
    def write() -> None:
        try:
            full()
        except OSError:
            raise RuntimeError("[enforce fail at inline_container.cc:672]")  # noqa: B904 as torch

    with (
        pytest.raises(JobError, match="No space left"),
        checkpoints.whole_or_nothing(tmp_path / "x"),
    ):
        write()
    with pytest.raises(RuntimeError, match="own"), checkpoints.whole_or_nothing(tmp_path / "x"):
        raise RuntimeError("a mistake of our own")


def test_metrics_that_can_not_be_written_are_said(
    tmp_path: Path, base: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = prepared(tmp_path, base)
    monkeypatch.setattr(jobs_optimizer, "_log", full)
    assert work(folder, lambda: False) == 1
    assert "No space left" in (folder / ERROR).read_text()


def test_no_more_tokens_at_once_than_fit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(nft, "TOKENS_AT_ONCE", 20)
    monkeypatch.setattr(nft, "SEQUENCES_AT_ONCE", 3)
    lengths = [2, 2, 2, 2, 9, 9, 30, 1]
    examples = [Example([1] * length, [1] * length) for length in lengths]
    parts = [[len(example.ids) for example in part] for part in nft._parts(examples)]
    assert parts == [[2, 2, 2], [2, 9], [9], [30], [1]]


def test_what_nft_compares_is_computed_in_one_type(tmp_path: Path, base: Path):
    """The first update of rollouts that come from the base has a ratio of 1 in bfloat16 too."""
    export = write_export(tmp_path / "export", "nft-rollouts", rollout_rows())
    values = {"base": str(base), "dtype": "bfloat16", "batch_size": 12, "steps": 1}
    write_run(tmp_path / "run", job="nft", export=export, settings=values)
    ratios = []
    loss = nft.nft_loss.loss

    def seen(rollouts: Any, settings: Any) -> torch.Tensor:
        ratios.append((rollouts.logprobs - rollouts.old_logprobs).abs().max().item())
        return loss(rollouts, settings)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nft.nft_loss, "loss", seen)
        run(tmp_path / "run")
    assert ratios == [pytest.approx(0, abs=1e-6)]
