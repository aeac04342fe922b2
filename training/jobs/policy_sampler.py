"""Rollouts of a policy: its own attempts at problems, with the probability it gave each token."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import PreTrainedTokenizerBase

from training.jobs.examples import IGNORE, Example
from training.jobs.nft import old_logprobs


@dataclass(frozen=True, slots=True)
class Sampling:
    """`temperature` 0 takes the likeliest token. `at_once` counts sequences, not problems."""

    temperature: float = 1.0
    top_p: float = 1.0
    samples: int = 16
    max_new_tokens: int = 512
    at_once: int = 256


@dataclass(frozen=True, slots=True)
class Response:
    """`token_ids` ends with the end token unless the response was cut off; `logprobs` has one entry
    a token, of the policy at this temperature."""

    text: str
    token_ids: list[int]
    logprobs: list[float]
    finished: bool


def sample(
    model: torch.nn.Module,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[list[int]],
    sampling: Sampling,
    *,
    seed: int,
) -> list[list[Response]]:
    """`sampling.samples` responses to each prompt. The same seed and model give the same ones."""
    torch.manual_seed(seed)
    model.eval()
    repeated = [prompt for prompt in prompts for _ in range(sampling.samples)]
    responses: list[Response] = []
    for start in range(0, len(repeated), sampling.at_once):
        part = repeated[start : start + sampling.at_once]
        ids = _generate(model, tokenizer, part, sampling)
        responses += _with_logprobs(model, tokenizer, part, ids, sampling)
    count = sampling.samples
    return [responses[i : i + count] for i in range(0, len(responses), count)]


def _generate(
    model: Any,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[list[int]],
    sampling: Sampling,
) -> list[list[int]]:
    """The new tokens of each prompt, up to and including the end token."""
    longest = max(map(len, prompts))
    pad: Any = tokenizer.pad_token_id
    ids = torch.full((len(prompts), longest), pad)
    mask = torch.zeros_like(ids)
    for row, prompt in enumerate(prompts):  # on the left: generation goes on at the right
        ids[row, longest - len(prompt) :] = torch.tensor(prompt)
        mask[row, longest - len(prompt) :] = 1
    greedy = sampling.temperature == 0
    chance = {} if greedy else {"temperature": sampling.temperature, "top_p": sampling.top_p}
    with torch.inference_mode():
        output = model.generate(
            ids.to(model.device),
            attention_mask=mask.to(model.device),
            do_sample=not greedy,
            top_k=None if greedy else 0,
            max_new_tokens=sampling.max_new_tokens,
            pad_token_id=pad,
            eos_token_id=tokenizer.eos_token_id,
            **chance,
        )
    return [_until_end(row, tokenizer.eos_token_id) for row in output[:, longest:].tolist()]


def _until_end(ids: list[int], end: Any) -> list[int]:
    return ids[: ids.index(end) + 1] if end in ids else ids


def _with_logprobs(
    model: torch.nn.Module,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[list[int]],
    responses: Sequence[list[int]],
    sampling: Sampling,
) -> list[Response]:
    examples = [
        Example(prompt + ids, [IGNORE] * len(prompt) + ids)
        for prompt, ids in zip(prompts, responses, strict=True)
    ]
    pad: Any = tokenizer.pad_token_id
    logprobs = old_logprobs(model, examples, pad=pad, temperature=sampling.temperature or 1.0)
    texts = tokenizer.batch_decode(list(responses), skip_special_tokens=True)
    return [
        Response(text, ids, values, ids[-1:] == [tokenizer.eos_token_id])
        for text, ids, values in zip(texts, responses, logprobs, strict=True)
    ]
