"""What a language model thinks of tokens."""

from typing import Any

import torch

from training.jobs.examples import IGNORE, Batch


def token_logprobs(
    model: torch.nn.Module, batch: Batch, *, temperature: float = 1.0
) -> tuple[torch.Tensor, torch.Tensor]:
    """The log-probability of every labelled token given those before it, at its own place, and the
    mask of those places: both (batch, longest). The first token of a sequence has none, and places
    without a label have 0. The temperature divides the logits."""
    output: Any = model(input_ids=batch.ids, attention_mask=batch.mask)
    logits = output.logits[:, :-1].float()
    if temperature != 1.0:
        logits = logits / temperature
    targets = batch.ids[:, 1:]
    labelled = batch.labels[:, 1:] != IGNORE
    losses = torch.nn.functional.cross_entropy(
        logits.reshape(-1, logits.shape[-1]), targets.reshape(-1), reduction="none"
    )
    logprobs = -losses.view(targets.shape) * labelled
    pad = torch.nn.functional.pad
    return pad(logprobs, (1, 0)), pad(labelled, (1, 0))


class LanguageModelling:
    """The plain loss: the mean surprisal of the labelled tokens of an update."""

    def weight(self, batch: Batch) -> float:
        return float((batch.labels[:, 1:] != IGNORE).sum())

    def total(self, model: torch.nn.Module, batch: Batch) -> torch.Tensor:
        logprobs, _ = token_logprobs(model, batch)
        return -logprobs.sum()
