"""Tokenized rows and batches of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch

IGNORE = -100  # the label of a token without loss, as in transformers


@dataclass(frozen=True, slots=True)
class Example:
    """One sequence.

    `labels` has one entry per token. NFT also needs `correct` (whether the rollout is correct),
    `rate` (the success rate of its problem) and `old_logprobs` (the sampling policy's
    log-probability of each labelled token, None if it was not stored).
    """

    ids: list[int]
    labels: list[int]
    correct: bool = False
    rate: float = 0.5
    old_logprobs: list[float] | None = None


@dataclass(slots=True)
class Batch:
    """Examples padded on the right.

    ids, mask, labels, old_logprobs: (batch, longest); correct, rate: (batch,). `old_logprobs` is at
    the positions of the labelled tokens and 0 elsewhere.
    """

    ids: torch.Tensor
    mask: torch.Tensor
    labels: torch.Tensor
    correct: torch.Tensor
    rate: torch.Tensor
    old_logprobs: torch.Tensor


def collate(examples: Sequence[Example], *, pad: int, device: torch.device) -> Batch:
    """Return the examples as one batch on the device, padded with the token `pad`."""
    shape = (len(examples), max(len(example.ids) for example in examples))
    ids = torch.full(shape, pad)
    labels = torch.full(shape, IGNORE)
    mask = torch.zeros(shape, dtype=torch.long)
    old_logprobs = torch.zeros(shape)
    for row, example in enumerate(examples):
        length = len(example.ids)
        ids[row, :length] = torch.tensor(example.ids)
        labels[row, :length] = torch.tensor(example.labels)
        mask[row, :length] = 1
        if example.old_logprobs is not None:
            old_logprobs[row, labels[row] != IGNORE] = torch.tensor(example.old_logprobs)
    return Batch(
        ids.to(device),
        mask.to(device),
        labels.to(device),
        torch.tensor([float(example.correct) for example in examples], device=device),
        torch.tensor([example.rate for example in examples], device=device),
        old_logprobs.to(device),
    )


def shuffled_indices(count: int, seed: int, *, first_epoch: int = 0) -> Iterator[int]:
    """Yield indices without end: each epoch is a shuffle that depends on seed and epoch only."""
    epoch = first_epoch
    while True:
        generator = torch.Generator().manual_seed(seed * 1_000_003 + epoch)
        yield from torch.randperm(count, generator=generator).tolist()
        epoch += 1
