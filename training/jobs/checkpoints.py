"""Checkpoints: the state that a run needs to resume exactly."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError

from training.jobs.errors import JobError

CHECKPOINT = "checkpoint.pt"


def save_checkpoint(
    folder: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer, step: int
) -> None:
    """Save the trained weights, the optimizer and the random state after `step` updates.

    Weights that are not trained are left out; with LoRA that is 99 % of them. The file appears by a
    rename. Raises JobError if it can't be written.
    """
    state = {
        "step": step,
        "weights": {n: p.detach().cpu() for n, p in model.named_parameters() if p.requires_grad},
        "optimizer": optimizer.state_dict(),
        "random": torch.get_rng_state(),
    }
    if torch.cuda.is_available():
        state["random_cuda"] = torch.cuda.get_rng_state_all()
    partial = folder / (CHECKPOINT + ".partial")
    with atomic_write(partial):
        with partial.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / CHECKPOINT)


@contextmanager
def atomic_write(partial: Path) -> Iterator[None]:
    """Delete the partial file or folder if writing fails, which frees the space for a message.

    Raises JobError with the system's reason, whatever exception torch or safetensors wrap it in.
    """
    try:
        yield
    except (OSError, RuntimeError, SafetensorError) as error:
        shutil.rmtree(partial) if partial.is_dir() else partial.unlink(missing_ok=True)
        reason = error.__context__ if isinstance(error, RuntimeError) else error
        if not isinstance(reason, OSError | SafetensorError):
            raise
        raise JobError(write_error_message(reason)) from error


def write_error_message(error: Exception) -> str:
    """Return the message for a folder that can't be written."""
    reason = getattr(error, "strerror", None) or str(error)
    return (
        f"The run's folder can't be written: {reason}. Free some space and resume the run; it "
        "continues from its checkpoint."
    )


def load_checkpoint(folder: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> int:
    """Restore the checkpoint and return its number of updates; return 0 if there is none."""
    path = folder / CHECKPOINT
    if not path.is_file():
        return 0
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    model.load_state_dict(state["weights"], strict=False)
    optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["random"])
    if torch.cuda.is_available() and "random_cuda" in state:
        torch.cuda.set_rng_state_all(state["random_cuda"])
    return int(state["step"])
