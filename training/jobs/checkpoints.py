"""What a run needs to go on as if nothing had happened."""

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
    """Only the weights that are trained: with LoRA that is a hundredth. Appears by a rename."""
    state = {
        "step": step,
        "weights": {n: p.detach().cpu() for n, p in model.named_parameters() if p.requires_grad},
        "optimizer": optimizer.state_dict(),
        "random": torch.get_rng_state(),
    }
    if torch.cuda.is_available():
        state["random_cuda"] = torch.cuda.get_rng_state_all()
    partial = folder / (CHECKPOINT + ".partial")
    with whole_or_nothing(partial):
        with partial.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / CHECKPOINT)


@contextmanager
def whole_or_nothing(partial: Path) -> Iterator[None]:
    """What can't be written whole is taken away again, which leaves room for a sentence.

    Raises JobError with the system's reason, however torch or safetensors wrap it up.
    """
    try:
        yield
    except (OSError, RuntimeError, SafetensorError) as error:
        shutil.rmtree(partial) if partial.is_dir() else partial.unlink(missing_ok=True)
        reason = error.__context__ if isinstance(error, RuntimeError) else error
        if not isinstance(reason, OSError | SafetensorError):
            raise
        raise JobError(cannot_write(reason)) from error


def cannot_write(reason: Exception) -> str:
    said = getattr(reason, "strerror", None) or str(reason)
    return f"The run's folder can't be written: {said}. Make room; it goes on from its checkpoint."


def load_checkpoint(folder: Path, model: torch.nn.Module, optimizer: torch.optim.Optimizer) -> int:
    """The number of updates behind the checkpoint; 0 where there is none."""
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
