"""The objective of NFT: negative-aware fine-tuning (arXiv 2505.18116), and its two neighbours.

A group's rollouts come from the old policy and are right with rate r. The old policy is a mixture
of a positive and a negative one; the model is the positive, and the negative follows from it: with
the ratio R of a token's new to its old probability, the negative's is (1 - rR) / (1 - r). Right
rollouts raise log R, wrong ones the logarithm of the negative's ratio, so that what is trained is
always the model itself.

Names and clamps are those of the authors' code: ratios up to e^10, rates within 0.02 and 0.98, the
value clamped and the gradient kept.
"""

from dataclasses import dataclass

import torch

from training.jobs.job_settings import NftSettings

LARGEST_LOG_RATIO = 10.0
RATE_BOUNDS = (0.02, 0.98)
TOKEN_SCALE = 1000.0


@dataclass(frozen=True, slots=True)
class Rollouts:
    """logprobs, old_logprobs, mask: (batch, tokens), mask true on the response's tokens. correct,
    rate: (batch,), whether the rollout is right and how often its problem is got right."""

    logprobs: torch.Tensor
    old_logprobs: torch.Tensor
    mask: torch.Tensor
    correct: torch.Tensor
    rate: torch.Tensor


def loss(rollouts: Rollouts, settings: NftSettings) -> torch.Tensor:
    """The sum over the rollouts. Wrong ones weigh 1 in NFT, 0 in RFT; below 0 it is DAPO's."""
    if settings.negative_weight < 0:
        return _clipped_policy_loss(rollouts, settings)
    log_ratio = (rollouts.logprobs - rollouts.old_logprobs) * rollouts.mask
    correct = rollouts.correct
    rate = rollouts.rate.clamp(*RATE_BOUNDS)
    if settings.ratio_type == "sequence":
        ratio = log_ratio.sum(dim=1).clamp(max=LARGEST_LOG_RATIO).exp()
        return (_implicit(ratio, rate, correct, settings) * _weight(rate, settings)).sum()
    ratio = log_ratio.clamp(max=LARGEST_LOG_RATIO).exp()
    losses = _implicit(ratio, rate[:, None], correct[:, None], settings)
    losses = losses * _weight(rate, settings)[:, None] * rollouts.mask
    return losses.sum() / TOKEN_SCALE


def clamp_preserve_grad(values: torch.Tensor, least: float) -> torch.Tensor:
    """Values of at least `least`, with the gradient of the values as they were."""
    return values + (values.clamp(min=least) - values).detach()


def _implicit(
    ratio: torch.Tensor, rate: torch.Tensor, correct: torch.Tensor, settings: NftSettings
) -> torch.Tensor:
    """The loss of each ratio, before its weight."""
    negative_ratio = (1 - rate * ratio) / (1 - rate)
    negative = -clamp_preserve_grad(negative_ratio, settings.clamp_negative).log()
    positive = -clamp_preserve_grad(ratio, settings.clamp_positive).log()
    return correct * positive + (1 - correct) * settings.negative_weight * negative


def _weight(rate: torch.Tensor, settings: NftSettings) -> torch.Tensor:
    """1 makes the gradient that of Dr. GRPO on the policy's own rollouts, 2 that of GRPO."""
    if settings.normalize == 1:
        return 1 - rate
    if settings.normalize == 2:
        return ((1 - rate) / rate).sqrt()
    return torch.ones_like(rate)


def _clipped_policy_loss(rollouts: Rollouts, settings: NftSettings) -> torch.Tensor:
    """DAPO's: the clipped surrogate with group-normalised advantages, the mean over the tokens."""
    rate = rollouts.rate.clamp(*RATE_BOUNDS)
    advantage = ((rollouts.correct - rate) / (rate * (1 - rate)).sqrt())[:, None]
    ratio = (rollouts.logprobs - rollouts.old_logprobs).clamp(max=LARGEST_LOG_RATIO).exp()
    clipped = ratio.clamp(1 - settings.clip_low, 1 + settings.clip_high)
    losses = -torch.minimum(ratio * advantage, clipped * advantage)
    return (losses * rollouts.mask).sum() / rollouts.mask.sum().clamp(min=1)
