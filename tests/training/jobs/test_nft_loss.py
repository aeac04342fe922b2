"""NFT's objective against its formula in plain Python, and against GRPO's gradient."""

import math

import pytest
import torch

from training.jobs.job_settings import NftSettings
from training.jobs.nft_loss import Rollouts, clamp_preserve_grad, loss


def settings(**changed) -> NftSettings:
    return NftSettings(base="tiny", **changed)


def random_rollouts(seed: int, *, spread: float = 1.0) -> Rollouts:
    generator = torch.Generator().manual_seed(seed)
    old = -3 * torch.rand(6, 5, generator=generator, dtype=torch.float64)
    new = old + spread * torch.randn(6, 5, generator=generator, dtype=torch.float64)
    mask = torch.ones(6, 5, dtype=torch.bool)
    mask[1, 3:] = mask[4, 1:] = False
    correct = torch.tensor([1.0, 0, 1, 0, 0, 1], dtype=torch.float64)
    rate = torch.tensor([0.5, 0.5, 0.25, 0.25, 0.01, 0.99], dtype=torch.float64)
    return Rollouts(new.requires_grad_(), old, mask, correct, rate)


def dense_loss_and_gradient(rollouts: Rollouts, nft_settings: NftSettings) -> tuple[float, list]:
    """Compute loss and gradient in plain Python, without autograd."""
    new, old = rollouts.logprobs.tolist(), rollouts.old_logprobs.tolist()
    total, gradient = 0.0, [[0.0] * len(row) for row in new]
    for i, row in enumerate(new):
        r = min(max(rollouts.rate[i].item(), 0.02), 0.98)
        weight = {0: 1.0, 1: 1 - r, 2: math.sqrt((1 - r) / r)}[nft_settings.normalize]
        positions = [t for t in range(len(row)) if rollouts.mask[i, t]]
        logs = [row[t] - old[i][t] for t in positions]
        groups = [[t] for t in range(len(logs))]
        scale = weight / 1000
        if nft_settings.ratio_type == "sequence":
            groups, scale = [list(range(len(logs)))], weight
        for group in groups:
            log_ratio = sum(logs[t] for t in group)
            ratio = math.exp(min(log_ratio, 10.0))
            slope = ratio if log_ratio <= 10 else 0.0  # of the ratio, by any of its logs
            if rollouts.correct[i]:
                value = max(ratio, nft_settings.clamp_positive)
                part, derivative = -math.log(value), -slope / value
            else:
                negative = (1 - r * ratio) / (1 - r)
                value = max(negative, nft_settings.clamp_negative)
                part = -math.log(value) * nft_settings.negative_weight
                derivative = r * slope / (1 - r) / value * nft_settings.negative_weight
            total += part * scale
            for t in group:
                gradient[i][positions[t]] += derivative * scale
    return total, gradient


@pytest.mark.parametrize("normalize", [0, 1, 2])
@pytest.mark.parametrize("ratio_type", ["token", "sequence"])
@pytest.mark.parametrize("clamps", [(1.0, 0.0), (0.1, 0.0), (0.5, 0.8)])
@pytest.mark.parametrize("negative_weight", [1.0, 0.0, 0.5])
def test_nft_equals_its_formula_computed_number_by_number(
    normalize, ratio_type, clamps, negative_weight
):
    nft_settings = settings(
        normalize=normalize,
        ratio_type=ratio_type,
        clamp_negative=clamps[0],
        clamp_positive=clamps[1],
        negative_weight=negative_weight,
    )
    for seed, spread in ((1, 0.3), (2, 1.0), (3, 6.0)):
        rollouts = random_rollouts(seed, spread=spread)
        value = loss(rollouts, nft_settings)
        value.backward()
        expected, gradient = dense_loss_and_gradient(rollouts, nft_settings)
        assert value.item() == pytest.approx(expected, rel=1e-9, abs=1e-12)
        torch.testing.assert_close(
            rollouts.logprobs.grad,
            torch.tensor(gradient, dtype=torch.float64),
            rtol=1e-9,
            atol=1e-12,
        )


def on_policy(seed: int) -> Rollouts:
    """Return two groups of four rollouts with the log-probabilities of their own policy."""
    generator = torch.Generator().manual_seed(seed)
    old = -3 * torch.rand(8, 4, generator=generator, dtype=torch.float64)
    correct = torch.tensor([1.0, 0, 0, 0, 1, 1, 1, 0], dtype=torch.float64)
    rate = torch.tensor([0.25] * 4 + [0.75] * 4, dtype=torch.float64)
    mask = torch.ones(8, 4, dtype=torch.bool)
    mask[2, 2:] = False
    return Rollouts(old.clone().requires_grad_(), old, mask, correct, rate)


@pytest.mark.parametrize("minimum", [1.0, 0.5])
def test_nft_on_policy_has_the_gradient_of_grpo(minimum):
    rollouts = on_policy(4)
    loss(rollouts, settings(normalize=2, clamp_negative=minimum)).backward()
    logprobs = rollouts.logprobs.detach().clone().requires_grad_()
    groups = rollouts.correct.view(2, 4)
    advantage = (groups - groups.mean(1, keepdim=True)) / groups.std(1, correction=0, keepdim=True)
    ratio = (logprobs - rollouts.old_logprobs).exp()
    (-(advantage.view(8, 1) * ratio * rollouts.mask).sum() / 1000).backward()
    torch.testing.assert_close(rollouts.logprobs.grad, logprobs.grad)
    assert logprobs.grad.abs().max() > 0


def test_nft_on_policy_has_the_gradient_of_dr_grpo_under_the_first_weight():
    rollouts = on_policy(5)
    loss(rollouts, settings(normalize=1)).backward()
    advantage = (rollouts.correct - rollouts.rate)[:, None]
    expected = -(advantage * rollouts.mask) / 1000
    torch.testing.assert_close(rollouts.logprobs.grad, expected)


def test_rft_is_the_weighted_likelihood_of_the_correct_rollouts():
    rollouts = random_rollouts(6)
    loss(rollouts, settings(normalize=0, negative_weight=0.0)).backward()
    expected = -(rollouts.correct[:, None] * rollouts.mask) / 1000
    torch.testing.assert_close(rollouts.logprobs.grad, expected)


def test_dapo_is_the_clipped_surrogate_over_tokens():
    rollouts = random_rollouts(7, spread=0.5)
    nft_settings = settings(negative_weight=-1.0, clip_low=0.2, clip_high=0.28)
    total, count = 0.0, 0
    for i in range(6):
        r = min(max(rollouts.rate[i].item(), 0.02), 0.98)
        advantage = (rollouts.correct[i].item() - r) / math.sqrt(r * (1 - r))
        for t in range(5):
            if rollouts.mask[i, t]:
                ratio = math.exp((rollouts.logprobs[i, t] - rollouts.old_logprobs[i, t]).item())
                clipped = min(max(ratio, 0.8), 1.28)
                total, count = total - min(ratio * advantage, clipped * advantage), count + 1
    assert loss(rollouts, nft_settings).item() == pytest.approx(total / count)


def test_a_clamped_value_keeps_its_gradient():
    values = torch.tensor([-2.0, 0.5, 3.0], requires_grad=True)
    clamped = clamp_preserve_grad(values, 1.0)
    clamped.sum().backward()
    assert clamped.tolist() == [1.0, 1.0, 3.0]
    assert values.grad.tolist() == [1.0, 1.0, 1.0]
