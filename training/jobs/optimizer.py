"""The loop that every job shares: AdamW, warm-up, accumulation, clipping, checkpoints.

What is done at update k depends on the settings, the examples and k alone, so a run that was
stopped and resumed ends with the same weights as one that was not (on a CPU, bit for bit).
"""

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

import torch

from training.jobs.checkpoints import load_checkpoint, save_checkpoint
from training.jobs.errors import JobError
from training.jobs.examples import Batch, Example, collate, order
from training.jobs.job_settings import Settings
from training.jobs.model_loading import casting
from training.jobs.trackers import Tracker

Stop = Callable[[], bool]


class Objective(Protocol):
    """What an update makes smaller: the sum of `total` over its batches by the sum of `weight`."""

    def weight(self, batch: Batch) -> float: ...

    def total(self, model: torch.nn.Module, batch: Batch) -> torch.Tensor: ...


@dataclass(frozen=True, slots=True)
class Work:
    """What a run trains, on what. `pad` is the id of the token that fills a batch up."""

    model: torch.nn.Module
    objective: Objective
    examples: Sequence[Example]
    held_out: Sequence[Example]
    settings: Settings
    pad: int

    @property
    def steps(self) -> int:
        """Updates in the whole run."""
        batch = self.settings.batch_size * self.settings.accumulate
        return self.settings.steps or math.ceil(len(self.examples) * self.settings.epochs / batch)

    @property
    def device(self) -> torch.device:
        return next(self.model.parameters()).device

    def batch(self, examples: Sequence[Example]) -> Batch:
        return collate(examples, pad=self.pad, device=self.device)

    def casting(self) -> AbstractContextManager[object]:
        return casting(self.settings, self.device)


def make_optimizer(model: torch.nn.Module, settings: Settings) -> torch.optim.AdamW:
    """Weight decay on matrices alone: not on biases, norms and gains."""
    trained = [p for p in model.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in trained if p.dim() >= 2], "weight_decay": settings.weight_decay},
        {"params": [p for p in trained if p.dim() < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=settings.learning_rate, betas=(0.9, 0.95))


def learning_rate(step: int, steps: int, settings: Settings) -> float:
    """At update `step`, counted from 0, of `steps`: up in a line, then level or down a cosine."""
    warm = round(settings.warmup * steps)
    if step < warm:
        return settings.learning_rate * (step + 1) / warm
    if settings.schedule == "constant":
        return settings.learning_rate
    done = (step - warm) / max(1, steps - warm)
    return settings.learning_rate * (1 + math.cos(math.pi * done)) / 2


def optimise(work: Work, folder: Path, *, tracker: Callable[[int], Tracker], stop: Stop) -> bool:
    """Train to the end from wherever the folder's checkpoint stands; false if told to stop before.

    `tracker` opens the metrics at the step that the run goes on from."""
    optimizer = make_optimizer(work.model, work.settings)
    # What chance decides in the model, such as dropout; a checkpoint brings its own state.
    torch.manual_seed(work.settings.seed)
    begun = load_checkpoint(folder, work.model, optimizer)
    metrics = tracker(begun)
    every = work.settings.checkpoint_every
    finished = False
    try:
        for step in range(begun, work.steps):
            if stop():
                save_checkpoint(folder, work.model, optimizer, step)
                return False
            values = update(work, optimizer, step)
            _log(work, metrics, step + 1, values)
            if every and (step + 1) % every == 0:
                save_checkpoint(folder, work.model, optimizer, step + 1)
        finished = True
    finally:
        metrics.close(finished=finished)
    return True


def update(work: Work, optimizer: torch.optim.Optimizer, step: int) -> dict[str, float]:
    """One step of the optimizer, over `accumulate` batches; returns what is logged of it."""
    settings = work.settings
    rate = learning_rate(step, work.steps, settings)
    for group in optimizer.param_groups:
        group["lr"] = rate
    work.model.train()
    batches = [work.batch(examples) for examples in _chosen(work, step)]
    weight = sum(work.objective.weight(batch) for batch in batches)
    loss = 0.0
    for batch in batches:
        with work.casting():
            part = work.objective.total(work.model, batch) / weight
        part.backward()
        loss += part.item()
    trained = [p for p in work.model.parameters() if p.requires_grad]
    norm = torch.nn.utils.clip_grad_norm_(trained, settings.clip or math.inf).item()
    if not (math.isfinite(loss) and math.isfinite(norm)):
        raise JobError(
            f"Update {step + 1} has a loss of {loss:g} and a gradient of {norm:g}, from which no "
            "weight recovers: start again with a smaller learning_rate or a longer warmup."
        )
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return {"loss": loss, "learning_rate": rate, "gradient_norm": norm}


def held_out_loss(work: Work) -> float | None:
    """The objective over the examples that are not trained on; None without any."""
    if not work.held_out:
        return None
    work.model.eval()
    total = weight = 0.0
    size = work.settings.batch_size
    with torch.inference_mode():
        for start in range(0, len(work.held_out), size):
            batch = work.batch(work.held_out[start : start + size])
            with work.casting():
                total += work.objective.total(work.model, batch).item()
            weight += work.objective.weight(batch)
    return total / weight


def _chosen(work: Work, step: int) -> Iterator[list[Example]]:
    """The examples of one update, batch by batch, however the run got to it."""
    size, accumulate = work.settings.batch_size, work.settings.accumulate
    count, first = len(work.examples), step * size * accumulate
    epoch_start = first - first % count
    stream = order(count, work.settings.seed, first_epoch=epoch_start // count)
    places = islice(stream, first - epoch_start, first - epoch_start + size * accumulate)
    while batch := list(islice(places, size)):
        yield [work.examples[place] for place in batch]


def _log(work: Work, metrics: Tracker, step: int, values: dict[str, float]) -> None:
    every = work.settings.evaluate_every
    if step == work.steps or (every and step % every == 0):
        held_out = held_out_loss(work)
        if held_out is not None:
            values["held_out_loss"] = held_out
    if step == work.steps or step % work.settings.log_every == 0 or "held_out_loss" in values:
        metrics.log(step, **values)
