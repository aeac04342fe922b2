"""Rollouts of a policy: sampled responses with the log-probability of each token."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from transformers import PreTrainedTokenizerBase

from training.jobs.batches import IGNORE, Example
from training.jobs.nft import labelled_logprobs


@dataclass(frozen=True, slots=True)
class SamplingOptions:
    """How to sample. `temperature` 0 is greedy. `batch_size` counts sequences, not problems."""

    temperature: float = 1.0
    top_p: float = 1.0
    samples: int = 16
    max_new_tokens: int = 512
    batch_size: int = 256


@dataclass(frozen=True, slots=True)
class Response:
    """A sampled response.

    `token_ids` ends with the end token unless the response was truncated. `logprobs` has one entry
    per token, from the policy at the sampling temperature.
    """

    text: str
    token_ids: list[int]
    logprobs: list[float]
    finished: bool


def sample_responses(
    model: torch.nn.Module,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[list[int]],
    sampling: SamplingOptions,
    *,
    seed: int,
) -> list[list[Response]]:
    """Return `sampling.samples` responses per prompt. Seed and model determine them."""
    torch.manual_seed(seed)
    model.eval()
    repeated = [prompt for prompt in prompts for _ in range(sampling.samples)]
    responses: list[Response] = []
    for start in range(0, len(repeated), sampling.batch_size):
        batch = repeated[start : start + sampling.batch_size]
        ids = _generate(model, tokenizer, batch, sampling)
        responses += _with_logprobs(model, tokenizer, batch, ids, sampling)
    count = sampling.samples
    return [responses[i : i + count] for i in range(0, len(responses), count)]


def _generate(
    model: Any,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[list[int]],
    sampling: SamplingOptions,
) -> list[list[int]]:
    """Return the new tokens of each prompt, up to and including the end token."""
    longest = max(map(len, prompts))
    pad: Any = tokenizer.pad_token_id
    ids = torch.full((len(prompts), longest), pad)
    mask = torch.zeros_like(ids)
    for row, prompt in enumerate(prompts):  # on the left, because generation continues on the right
        ids[row, longest - len(prompt) :] = torch.tensor(prompt)
        mask[row, longest - len(prompt) :] = 1
    greedy = sampling.temperature == 0
    options = {} if greedy else {"temperature": sampling.temperature, "top_p": sampling.top_p}
    with torch.inference_mode():
        output = model.generate(
            ids.to(model.device),
            attention_mask=mask.to(model.device),
            do_sample=not greedy,
            top_k=None if greedy else 0,
            max_new_tokens=sampling.max_new_tokens,
            pad_token_id=pad,
            eos_token_id=tokenizer.eos_token_id,
            **options,
        )
    return [_truncate_at_end(row, tokenizer.eos_token_id) for row in output[:, longest:].tolist()]


def _truncate_at_end(ids: list[int], end: Any) -> list[int]:
    return ids[: ids.index(end) + 1] if end in ids else ids


def _with_logprobs(
    model: torch.nn.Module,
    tokenizer: PreTrainedTokenizerBase,
    prompts: Sequence[list[int]],
    responses: Sequence[list[int]],
    sampling: SamplingOptions,
) -> list[Response]:
    examples = [
        Example(prompt + ids, [IGNORE] * len(prompt) + ids)
        for prompt, ids in zip(prompts, responses, strict=True)
    ]
    pad: Any = tokenizer.pad_token_id
    logprobs = labelled_logprobs(model, examples, pad=pad, temperature=sampling.temperature or 1.0)
    texts = tokenizer.batch_decode(list(responses), skip_special_tokens=True)
    return [
        Response(text, ids, values, ids[-1:] == [tokenizer.eos_token_id])
        for text, ids, values in zip(texts, responses, logprobs, strict=True)
    ]
