"""The training loop that all jobs share: AdamW, warm-up, accumulation, clipping, checkpoints.

Update k depends on the settings, the examples and k only. A run that was stopped and resumed
therefore ends with the same weights as an uninterrupted one (on a CPU, bit for bit).
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

import torch

from training.jobs.batches import Batch, Example, collate, shuffled_indices
from training.jobs.checkpoints import load_checkpoint, save_checkpoint
from training.jobs.errors import JobError
from training.jobs.job_settings import Settings
from training.jobs.model_loading import autocast
from training.jobs.trackers import Tracker

StopCheck = Callable[[], bool]


class Objective(Protocol):
    """A loss to minimise.

    An update minimises the sum of `total` over its batches, divided by the summed `weight`.
    """

    def weight(self, batch: Batch) -> float: ...

    def total(self, model: torch.nn.Module, batch: Batch) -> torch.Tensor: ...


@dataclass(frozen=True, slots=True)
class TrainingSetup:
    """The model, the objective and the data of a run. `pad` is the id of the padding token."""

    model: torch.nn.Module
    objective: Objective
    examples: Sequence[Example]
    held_out: Sequence[Example]
    settings: Settings
    pad: int

    @property
    def steps(self) -> int:
        """The number of updates in the whole run."""
        batch = self.settings.batch_size * self.settings.accumulate
        return self.settings.steps or math.ceil(len(self.examples) * self.settings.epochs / batch)

    @property
    def device(self) -> torch.device:
        return next(self.model.parameters()).device

    def batch(self, examples: Sequence[Example]) -> Batch:
        """Return the examples as a batch on the model's device."""
        return collate(examples, pad=self.pad, device=self.device)

    def autocast(self) -> AbstractContextManager[object]:
        """Return the precision context of the run."""
        return autocast(self.settings, self.device)


def create_optimizer(model: torch.nn.Module, settings: Settings) -> torch.optim.AdamW:
    """Return AdamW with weight decay on matrices only: not on biases, norms and gains."""
    trainable = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in trainable if p.dim() >= 2], "weight_decay": settings.weight_decay},
        {"params": [p for p in trainable if p.dim() < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=settings.learning_rate, betas=(0.9, 0.95))


def learning_rate(step: int, steps: int, settings: Settings) -> float:
    """Return the rate at update `step`, counted from 0: linear warm-up, then constant or cosine."""
    warmup_steps = round(settings.warmup * steps)
    if step < warmup_steps:
        return settings.learning_rate * (step + 1) / warmup_steps
    if settings.schedule == "constant":
        return settings.learning_rate
    progress = (step - warmup_steps) / max(1, steps - warmup_steps)
    return settings.learning_rate * (1 + math.cos(math.pi * progress)) / 2


def train_model(
    setup: TrainingSetup, folder: Path, *, tracker: Callable[[int], Tracker], stop: StopCheck
) -> bool:
    """Train from the folder's checkpoint to the end; return False if told to stop before.

    `tracker` opens the metrics at the step that the run resumes from.
    """
    optimizer = create_optimizer(setup.model, setup.settings)
    # For randomness in the model, such as dropout. A checkpoint restores its own state.
    torch.manual_seed(setup.settings.seed)
    start_step = load_checkpoint(folder, setup.model, optimizer)
    metrics = tracker(start_step)
    every = setup.settings.checkpoint_every
    finished = False
    try:
        for step in range(start_step, setup.steps):
            if stop():
                save_checkpoint(folder, setup.model, optimizer, step)
                return False
            values = update(setup, optimizer, step)
            _log(setup, metrics, step + 1, values)
            if every and (step + 1) % every == 0:
                save_checkpoint(folder, setup.model, optimizer, step + 1)
        finished = True
    finally:
        metrics.close(finished=finished)
    return True


def update(setup: TrainingSetup, optimizer: torch.optim.Optimizer, step: int) -> dict[str, float]:
    """Run one optimizer step over `accumulate` batches and return the metrics to log.

    Raises JobError if the loss or the gradient is not finite.
    """
    settings = setup.settings
    rate = learning_rate(step, setup.steps, settings)
    for group in optimizer.param_groups:
        group["lr"] = rate
    setup.model.train()
    batches = [setup.batch(examples) for examples in _update_batches(setup, step)]
    weight = sum(setup.objective.weight(batch) for batch in batches)
    loss = 0.0
    for batch in batches:
        with setup.autocast():
            batch_loss = setup.objective.total(setup.model, batch) / weight
        batch_loss.backward()
        loss += batch_loss.item()
    trainable = [p for p in setup.model.parameters() if p.requires_grad]
    norm = torch.nn.utils.clip_grad_norm_(trainable, settings.clip or math.inf).item()
    if not (math.isfinite(loss) and math.isfinite(norm)):
        raise JobError(
            f"Update {step + 1} has a loss of {loss:g} and a gradient norm of {norm:g}. The run "
            "can't recover: start again with a smaller learning_rate or a longer warmup."
        )
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return {"loss": loss, "learning_rate": rate, "gradient_norm": norm}


def held_out_loss(setup: TrainingSetup) -> float | None:
    """Return the objective over the held-out examples, or None if there are none."""
    if not setup.held_out:
        return None
    setup.model.eval()
    total = weight = 0.0
    size = setup.settings.batch_size
    with torch.inference_mode():
        for start in range(0, len(setup.held_out), size):
            batch = setup.batch(setup.held_out[start : start + size])
            with setup.autocast():
                total += setup.objective.total(setup.model, batch).item()
            weight += setup.objective.weight(batch)
    return total / weight


def _update_batches(setup: TrainingSetup, step: int) -> Iterator[list[Example]]:
    """Yield the batches of one update. They do not depend on where the run resumed."""
    size, accumulate = setup.settings.batch_size, setup.settings.accumulate
    count, first = len(setup.examples), step * size * accumulate
    epoch_start = first - first % count
    stream = shuffled_indices(count, setup.settings.seed, first_epoch=epoch_start // count)
    indices = islice(stream, first - epoch_start, first - epoch_start + size * accumulate)
    while batch := list(islice(indices, size)):
        yield [setup.examples[index] for index in batch]


def _log(setup: TrainingSetup, metrics: Tracker, step: int, values: dict[str, float]) -> None:
    every = setup.settings.evaluate_every
    if step == setup.steps or (every and step % every == 0):
        held_out = held_out_loss(setup)
        if held_out is not None:
            values["held_out_loss"] = held_out
    if step == setup.steps or step % setup.settings.log_every == 0 or "held_out_loss" in values:
        metrics.log(step, **values)
