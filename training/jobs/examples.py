"""Tokenised rows, and batches of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch

IGNORE = -100  # the label of a token on which there is no loss, as in transformers


@dataclass(frozen=True, slots=True)
class Example:
    """One sequence. `labels` has one entry a token. The rest is what NFT needs of a rollout:
    whether it is right, how often its problem is got right, and the sampling policy's
    log-probability of each labelled token (None where nobody kept it)."""

    ids: list[int]
    labels: list[int]
    correct: bool = False
    rate: float = 0.5
    old_logprobs: list[float] | None = None


@dataclass(slots=True)
class Batch:
    """Padded on the right. ids, mask, labels, old_logprobs: (batch, longest); correct, rate:
    (batch,). `old_logprobs` stands at the labelled tokens' own places, 0 elsewhere."""

    ids: torch.Tensor
    mask: torch.Tensor
    labels: torch.Tensor
    correct: torch.Tensor
    rate: torch.Tensor
    old_logprobs: torch.Tensor


def collate(examples: Sequence[Example], *, pad: int, device: torch.device) -> Batch:
    shape = (len(examples), max(len(example.ids) for example in examples))
    ids = torch.full(shape, pad)
    labels = torch.full(shape, IGNORE)
    mask = torch.zeros(shape, dtype=torch.long)
    old = torch.zeros(shape)
    for row, example in enumerate(examples):
        length = len(example.ids)
        ids[row, :length] = torch.tensor(example.ids)
        labels[row, :length] = torch.tensor(example.labels)
        mask[row, :length] = 1
        if example.old_logprobs is not None:
            old[row, labels[row] != IGNORE] = torch.tensor(example.old_logprobs)
    return Batch(
        ids.to(device),
        mask.to(device),
        labels.to(device),
        torch.tensor([float(example.correct) for example in examples], device=device),
        torch.tensor([example.rate for example in examples], device=device),
        old.to(device),
    )


def order(count: int, seed: int, *, first_epoch: int = 0) -> Iterator[int]:
    """Endless: every epoch is a shuffle of its own, decided by the seed and its number alone."""
    epoch = first_epoch
    while True:
        generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
        yield from torch.randperm(count, generator=generator).tolist()
        epoch += 1
