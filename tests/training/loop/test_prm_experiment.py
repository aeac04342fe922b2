"""A PRM for the policy's own errors: scores, thresholds and the recorded figures."""

import pytest
import torch

from tests.training.loop.attempts import PROBLEMS
from training.loop.experiment import SeedRun
from training.loop.prm_experiment import (
    LIKELIHOOD,
    PRM,
    LabelledAttempt,
    compare,
    first_below,
    step_likelihoods,
    tune_threshold,
)
from training.loop.rollouts import Policy


def test_the_first_score_below_the_threshold_is_the_error():
    assert first_below([[0.9, 0.4, 0.1], [0.9, 0.8], []], 0.5) == [1, -1, -1]


def test_the_threshold_is_the_best_on_the_training_attempts():
    training = [[-0.1, -5.0], [-0.1, -0.3], [-0.2, -3.0]]
    assert tune_threshold([1, -1, 1], training, [[-0.1, -4.0], [-0.1, -0.25]]) == [1, -1]


def test_the_likelihood_of_a_step_is_that_of_its_tokens_and_break(policy: Policy):
    attempt = LabelledAttempt(PROBLEMS[0], ["7+8=5", "5*2=0"], -1)
    (likelihoods,) = step_likelihoods(policy, [attempt])
    ids = policy.tokenizer.encode("7+8*2-9\n7+8=5\n\n5*2=0")
    with torch.no_grad():
        logits = policy.model(input_ids=torch.tensor([ids])).logits[0]
    logprobs = logits[:-1].log_softmax(-1)[range(len(ids) - 1), ids[1:]].tolist()
    assert likelihoods == pytest.approx([sum(logprobs[-11:-6]), sum(logprobs[-6:])], abs=1e-4)


def test_the_answer_of_an_attempt_is_compared_with_the_problems():
    steps = PROBLEMS[0].steps
    assert LabelledAttempt(PROBLEMS[0], steps, -1).is_answer_correct
    assert not LabelledAttempt(PROBLEMS[0], ["7+8=5"], 0).is_answer_correct


@pytest.mark.django_db(transaction=True)
def test_both_judges_are_scored_on_the_held_out_problems(seed: SeedRun):
    compare(seed, seed.untrained())
    labels, predictions = seed.figures["labels"], seed.figures["predictions"]
    assert len(labels) == seed.sizes.held_out
    assert {name: len(values) for name, values in predictions.items()} == {
        PRM: len(labels),
        LIKELIHOOD: len(labels),
    }
    assert f"F1: {PRM}" in seed.figures
    assert "baseline: best constant answer" in seed.figures
