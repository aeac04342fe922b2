"""A policy's rollouts: lengths, probabilities, repeatability."""

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from tests.training.tiny import make_base
from training.jobs.policy_sampler import SamplingOptions, sample_responses
from training.jobs.prompts import prompt_ids


@pytest.fixture(scope="module")
def policy(tmp_path_factory):
    folder = make_base(tmp_path_factory.mktemp("sampling") / "base")
    return AutoModelForCausalLM.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)


def prompts(tokenizer):
    questions = ["What is 2 + 3?", "How many apples are left of 12 after 5 are eaten?"]
    return [prompt_ids(tokenizer, [{"role": "user", "content": text}]) for text in questions]


@pytest.mark.parametrize("temperature", [1.0, 0.6, 2.0])
def test_log_probabilities_are_those_of_the_policy_at_its_temperature(policy, temperature):
    model, tokenizer = policy
    sampling = SamplingOptions(temperature=temperature, samples=3, max_new_tokens=8, batch_size=4)
    groups = sample_responses(model, tokenizer, prompts(tokenizer), sampling, seed=1)
    for prompt, group in zip(prompts(tokenizer), groups, strict=True):
        assert len(group) == 3
        for response in group:
            ids = torch.tensor([prompt + response.token_ids])
            with torch.no_grad():
                logits = model(input_ids=ids).logits[0, len(prompt) - 1 : -1] / temperature
            expected = logits.log_softmax(-1)[range(len(response.token_ids)), response.token_ids]
            assert response.logprobs == pytest.approx(expected.tolist(), abs=1e-4)
            assert response.finished == (response.token_ids[-1] == tokenizer.eos_token_id)


def test_the_same_seed_gives_the_same_rollouts_and_another_seed_others(policy):
    model, tokenizer = policy
    sampling = SamplingOptions(samples=2, max_new_tokens=8)
    first = sample_responses(model, tokenizer, prompts(tokenizer), sampling, seed=1)
    assert sample_responses(model, tokenizer, prompts(tokenizer), sampling, seed=1) == first
    assert sample_responses(model, tokenizer, prompts(tokenizer), sampling, seed=2) != first


def test_temperature_0_takes_the_likeliest_token(policy):
    model, tokenizer = policy
    sampling = SamplingOptions(temperature=0, samples=2, max_new_tokens=4)
    groups = sample_responses(model, tokenizer, prompts(tokenizer), sampling, seed=1)
    for prompt, group in zip(prompts(tokenizer), groups, strict=True):
        assert group[0] == group[1]
        with torch.no_grad():
            likeliest = model(input_ids=torch.tensor([prompt])).logits[0, -1].argmax().item()
        assert group[0].token_ids[0] == likeliest
