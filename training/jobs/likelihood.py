"""Log-probabilities of tokens, and the language-modelling loss."""

from typing import Any

import torch

from training.jobs.batches import IGNORE, Batch


def token_logprobs(
    model: torch.nn.Module, batch: Batch, *, temperature: float = 1.0
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the log-probability of every labelled token given the tokens before it, and the mask.

    Both are (batch, longest), with each value at its token's position. The first token of a
    sequence has none; positions without a label are 0. The temperature divides the logits.
    """
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


class LanguageModellingLoss:
    """The mean surprisal of the labelled tokens of an update."""

    def weight(self, batch: Batch) -> float:
        """Return the number of labelled tokens."""
        return float((batch.labels[:, 1:] != IGNORE).sum())

    def total(self, model: torch.nn.Module, batch: Batch) -> torch.Tensor:
        """Return the summed surprisal of the labelled tokens."""
        logprobs, _ = token_logprobs(model, batch)
        return -logprobs.sum()
