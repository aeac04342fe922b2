"""Checkpoints: complete or absent, also on a full disk."""

import errno
from pathlib import Path
from typing import Any

import pytest
import torch

from training.jobs import checkpoints
from training.jobs.checkpoints import CHECKPOINT, atomic_write, load_checkpoint, save_checkpoint
from training.jobs.errors import JobError


def full_disk(*_: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def trained_model(seed: int) -> tuple[torch.nn.Module, torch.optim.AdamW]:
    """Return a layer and its optimizer after one update."""
    torch.manual_seed(seed)
    model = torch.nn.Linear(3, 2)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.1)
    model(torch.ones(1, 3)).sum().backward()
    optimizer.step()
    return model, optimizer


def test_a_checkpoint_restores_weights_optimizer_and_random_state(tmp_path: Path):
    model, optimizer = trained_model(1)
    save_checkpoint(tmp_path, model, optimizer, 7)
    expected = torch.rand(3)
    other, other_optimizer = trained_model(2)
    assert load_checkpoint(tmp_path, other, other_optimizer) == 7
    assert torch.equal(torch.rand(3), expected)
    assert torch.equal(other.weight, model.weight)
    first, second = (o.state_dict()["state"][0] for o in (optimizer, other_optimizer))
    assert torch.equal(first["exp_avg"], second["exp_avg"])


def test_only_trained_weights_are_saved(tmp_path: Path):
    model, optimizer = trained_model(1)
    model.bias.requires_grad_(False)
    save_checkpoint(tmp_path, model, optimizer, 1)
    assert list(torch.load(tmp_path / CHECKPOINT, weights_only=True)["weights"]) == ["weight"]


def test_a_folder_without_a_checkpoint_starts_at_0(tmp_path: Path):
    assert load_checkpoint(tmp_path, *trained_model(1)) == 0


def test_a_full_disk_leaves_the_last_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    model, optimizer = trained_model(1)
    save_checkpoint(tmp_path, model, optimizer, 1)
    monkeypatch.setattr(checkpoints.os, "fsync", full_disk)
    with pytest.raises(JobError, match=r"No space left on device\. Free some space"):
        save_checkpoint(tmp_path, model, optimizer, 2)
    assert torch.load(tmp_path / CHECKPOINT, weights_only=True)["step"] == 1
    assert not list(tmp_path.glob("*.partial"))


def test_an_error_that_torch_wraps_is_reported_with_its_reason(tmp_path: Path):
    def write() -> None:
        try:
            full_disk()
        except OSError:
            raise RuntimeError("[enforce fail at inline_container.cc:672]")  # noqa: B904 as torch

    with pytest.raises(JobError, match="No space left"), atomic_write(tmp_path / "x"):
        write()
    with pytest.raises(RuntimeError, match="own"), atomic_write(tmp_path / "x"):
        raise RuntimeError("a mistake of our own")


def test_a_partial_folder_is_deleted(tmp_path: Path):
    (tmp_path / "model.partial").mkdir()
    with pytest.raises(JobError), atomic_write(tmp_path / "model.partial"):
        full_disk()
    assert not list(tmp_path.iterdir())
