"""What a run needs to go on as if nothing had happened."""

import os
from pathlib import Path
from typing import Any

import torch

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
    with partial.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(folder / CHECKPOINT)


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
