"""NFT on an export of rollouts: a problem's right and wrong attempts, and the share that is right.

A row is a problem with its group: `prompt` (messages), `r_q` (the share that is right) and
`responses`, each with `text` and `reward` (0 or 1), and where they are known `token_ids` and
`old_logprobs`. Where they are not, the base model has to be the policy that the rollouts came
from, and its log-probabilities are worked out before training. Groups that are all right or all
wrong teach nothing and are left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import torch
from transformers import PreTrainedTokenizerBase

from training.jobs import nft_loss
from training.jobs.errors import JobError
from training.jobs.examples import IGNORE, Batch, Example, collate
from training.jobs.likelihood import token_logprobs
from training.jobs.models import load_language_model
from training.jobs.optimising import Objective
from training.jobs.prompts import prompt_ids
from training.jobs.reading import Row, required
from training.jobs.settings import NftSettings

RECOMPUTED_AT_ONCE = 64


class NegativeAware:
    """The loss of nft_loss, the mean over an update's rollouts."""

    def __init__(self, settings: NftSettings, temperature: float) -> None:
        self.settings = settings
        self.temperature = temperature

    def weight(self, batch: Batch) -> float:
        return float(len(batch.ids))

    def total(self, model: torch.nn.Module, batch: Batch) -> torch.Tensor:
        logprobs, mask = token_logprobs(model, batch, temperature=self.temperature)
        rollouts = nft_loss.Rollouts(logprobs, batch.old_logprobs, mask, batch.correct, batch.rate)
        value = nft_loss.loss(rollouts, self.settings)
        # DAPO's is a mean already, over tokens.
        return value * len(batch.ids) if self.settings.negative_weight < 0 else value


class NftJob:
    def __init__(self, settings: NftSettings) -> None:
        self.settings = settings
        self._objective = NegativeAware(settings, settings.temperature or 1.0)

    @property
    def objective(self) -> Objective:
        return self._objective

    def load_model(self) -> torch.nn.Module:
        return load_language_model(self.settings)

    def examples(
        self, rows: Iterable[Row], tokenizer: PreTrainedTokenizerBase
    ) -> Iterable[Example]:
        for row in rows:
            rate = float(required(row, "r_q", (int, float)))
            if not 0 < rate < 1:
                continue
            self._take_temperature(row)
            prompt = prompt_ids(tokenizer, required(row, "prompt", list))
            for response in required(row, "responses", list):
                yield _rollout(tokenizer, prompt, response, rate)

    def prepare(self, model: torch.nn.Module, examples: list[Example], pad: int) -> list[Example]:
        """Fills in the old log-probabilities that nobody kept."""
        missing = [i for i, example in enumerate(examples) if example.old_logprobs is None]
        found = old_logprobs(
            model, [examples[i] for i in missing], pad=pad, temperature=self._objective.temperature
        )
        complete = list(examples)
        for place, values in zip(missing, found, strict=True):
            complete[place] = replace(examples[place], old_logprobs=values)
        return complete

    def _take_temperature(self, row: Row) -> None:
        """The sampling temperature that the export names, unless the run sets another."""
        policy = row.get("policy")
        stated = policy.get("temperature") if isinstance(policy, dict) else None
        if self.settings.temperature == 0 and stated:
            self._objective.temperature = float(stated)


def old_logprobs(
    model: torch.nn.Module, examples: Sequence[Example], *, pad: int, temperature: float
) -> list[list[float]]:
    """The model's log-probabilities of each example's labelled tokens, as it is now."""
    device = next(model.parameters()).device
    model.eval()
    found: list[list[float]] = []
    with torch.no_grad():
        for start in range(0, len(examples), RECOMPUTED_AT_ONCE):
            part = examples[start : start + RECOMPUTED_AT_ONCE]
            batch = collate(part, pad=pad, device=device)
            logprobs, mask = token_logprobs(model, batch, temperature=temperature)
            found += [row[kept].tolist() for row, kept in zip(logprobs, mask, strict=True)]
    return found


def _rollout(
    tokenizer: PreTrainedTokenizerBase, prompt: list[int], response: Any, rate: float
) -> Example:
    """Loss on the response and its end token. Kept token ids are taken as they are."""
    if not isinstance(response, dict) or response.get("reward") not in (0, 1):
        raise JobError("A response of the export has no reward of 0 or 1.")
    ids = response.get("token_ids")
    if ids is None:
        text = required(response, "text", str)
        ids = tokenizer.encode(text, add_special_tokens=False)
        ids = [*ids, tokenizer.eos_token_id] if tokenizer.eos_token_id is not None else list(ids)
    old = response.get("old_logprobs")
    if old is not None and len(old) != len(ids):
        raise JobError(
            f"A response of the export has {len(old)} log-probabilities for {len(ids)} tokens."
        )
    labels = [IGNORE] * len(prompt) + list(ids)
    return Example(prompt + list(ids), labels, bool(response["reward"]), rate, old)
