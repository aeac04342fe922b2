"""The objective of negative-aware fine-tuning (NFT, arXiv 2505.18116), with RFT and DAPO.

A group's rollouts come from the old policy and are correct with rate r. The old policy is a mixture
of a positive and a negative policy. The model is the positive one, and the negative one follows
from it: with the ratio R of a token's new to its old probability, the negative policy's ratio is
(1 - rR) / (1 - r). Correct rollouts raise log R, wrong ones the logarithm of the negative policy's
ratio, so training always updates the model itself.

Names and clamps are those of the authors' code: ratios up to e^10, rates within 0.02 and 0.98, with
the value clamped and the gradient kept.
"""

from dataclasses import dataclass

import torch

from training.jobs.job_settings import NftSettings

LARGEST_LOG_RATIO = 10.0
RATE_BOUNDS = (0.02, 0.98)
TOKEN_SCALE = 1000.0


@dataclass(frozen=True, slots=True)
class Rollouts:
    """The rollouts of a batch.

    logprobs, old_logprobs, mask: (batch, tokens), with the mask true on the response's tokens.
    correct, rate: (batch,), whether the rollout is correct, and the success rate of its problem.
    """

    logprobs: torch.Tensor
    old_logprobs: torch.Tensor
    mask: torch.Tensor
    correct: torch.Tensor
    rate: torch.Tensor


def loss(rollouts: Rollouts, settings: NftSettings) -> torch.Tensor:
    """Return the summed loss. Wrong rollouts weigh 1 in NFT and 0 in RFT; below 0, use DAPO's."""
    if settings.negative_weight < 0:
        return _clipped_policy_loss(rollouts, settings)
    log_ratio = (rollouts.logprobs - rollouts.old_logprobs) * rollouts.mask
    correct = rollouts.correct
    rate = rollouts.rate.clamp(*RATE_BOUNDS)
    if settings.ratio_type == "sequence":
        ratio = log_ratio.sum(dim=1).clamp(max=LARGEST_LOG_RATIO).exp()
        return (
            _implicit_policy_loss(ratio, rate, correct, settings) * _group_weight(rate, settings)
        ).sum()
    ratio = log_ratio.clamp(max=LARGEST_LOG_RATIO).exp()
    losses = _implicit_policy_loss(ratio, rate[:, None], correct[:, None], settings)
    losses = losses * _group_weight(rate, settings)[:, None] * rollouts.mask
    return losses.sum() / TOKEN_SCALE


def clamp_preserve_grad(values: torch.Tensor, minimum: float) -> torch.Tensor:
    """Return the values clamped to at least `minimum`, with the gradient of the unclamped ones."""
    return values + (values.clamp(min=minimum) - values).detach()


def _implicit_policy_loss(
    ratio: torch.Tensor, rate: torch.Tensor, correct: torch.Tensor, settings: NftSettings
) -> torch.Tensor:
    """Return the loss of each ratio, before its weight."""
    negative_ratio = (1 - rate * ratio) / (1 - rate)
    negative = -clamp_preserve_grad(negative_ratio, settings.clamp_negative).log()
    positive = -clamp_preserve_grad(ratio, settings.clamp_positive).log()
    return correct * positive + (1 - correct) * settings.negative_weight * negative


def _group_weight(rate: torch.Tensor, settings: NftSettings) -> torch.Tensor:
    """Return the weight of each group.

    On the policy's own rollouts, `normalize` 1 gives the gradient of Dr. GRPO, 2 that of GRPO.
    """
    if settings.normalize == 1:
        return 1 - rate
    if settings.normalize == 2:
        return ((1 - rate) / rate).sqrt()
    return torch.ones_like(rate)


def _clipped_policy_loss(rollouts: Rollouts, settings: NftSettings) -> torch.Tensor:
    """Return DAPO's loss: the clipped surrogate with group-normalised advantages, per token."""
    rate = rollouts.rate.clamp(*RATE_BOUNDS)
    advantage = ((rollouts.correct - rate) / (rate * (1 - rate)).sqrt())[:, None]
    ratio = (rollouts.logprobs - rollouts.old_logprobs).clamp(max=LARGEST_LOG_RATIO).exp()
    clipped = ratio.clamp(1 - settings.clip_low, 1 + settings.clip_high)
    losses = -torch.minimum(ratio * advantage, clipped * advantage)
    return (losses * rollouts.mask).sum() / rollouts.mask.sum().clamp(min=1)
