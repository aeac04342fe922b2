"""NFT on an export of rollouts: groups of correct and wrong attempts at a problem.

A row is one group: `prompt` (messages), `r_q` (the share of correct attempts) and `responses`, each
with `text` and `reward` (0 or 1) and, if known, `token_ids` and `old_logprobs`. If they are not
known, the base model must be the policy that made the rollouts; its log-probabilities are then
computed before training. Groups that are all correct or all wrong teach nothing and are left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import torch
from transformers import PreTrainedTokenizerBase

from training.jobs import nft_loss
from training.jobs.batches import IGNORE, Batch, Example, collate
from training.jobs.errors import JobError
from training.jobs.export_reader import Row, required
from training.jobs.job_settings import NftSettings
from training.jobs.likelihood import token_logprobs
from training.jobs.model_loading import autocast, load_language_model
from training.jobs.optimizer import Objective
from training.jobs.prompts import prompt_ids

# The batch size when log-probabilities are computed, in sequences and in tokens. With a large
# vocabulary, the logits of that many tokens take some gigabytes.
MAX_BATCH_SEQUENCES = 64
MAX_BATCH_TOKENS = 8_192


class NftObjective:
    """The loss of nft_loss, averaged over the rollouts of an update."""

    def __init__(self, settings: NftSettings, temperature: float) -> None:
        self.settings = settings
        self.temperature = temperature

    def weight(self, batch: Batch) -> float:
        """Return the number of rollouts."""
        return float(len(batch.ids))

    def total(self, model: torch.nn.Module, batch: Batch) -> torch.Tensor:
        """Return the summed loss of the rollouts."""
        logprobs, mask = token_logprobs(model, batch, temperature=self.temperature)
        rollouts = nft_loss.Rollouts(logprobs, batch.old_logprobs, mask, batch.correct, batch.rate)
        value = nft_loss.loss(rollouts, self.settings)
        # DAPO's loss is already a mean over tokens.
        return value * len(batch.ids) if self.settings.negative_weight < 0 else value


class NftJob:
    """The job `nft`."""

    def __init__(self, settings: NftSettings) -> None:
        self.settings = settings
        self._objective = NftObjective(settings, settings.temperature or 1.0)
        self._export_temperature: float | None = None
        self._tokens_are_checked = False

    @property
    def objective(self) -> Objective:
        return self._objective

    def load_model(self) -> torch.nn.Module:
        """Return the base as a language model."""
        return load_language_model(self.settings)

    def examples(
        self, rows: Iterable[Row], tokenizer: PreTrainedTokenizerBase
    ) -> Iterable[Example]:
        """Yield one example per response of the mixed groups.

        Raises JobError for rollouts at several temperatures or with another tokenizer's tokens.
        """
        for row in rows:
            rate = float(required(row, "r_q", (int, float)))
            if not 0 < rate < 1:
                continue
            self._set_temperature(row)
            self._check_tokens(row, tokenizer)
            prompt = prompt_ids(tokenizer, required(row, "prompt", list))
            for response in required(row, "responses", list):
                yield _rollout(tokenizer, prompt, response, rate)

    def prepare(self, model: torch.nn.Module, examples: list[Example], pad: int) -> list[Example]:
        """Return the examples with the old log-probabilities that the export does not have."""
        missing = [i for i, example in enumerate(examples) if example.old_logprobs is None]
        with autocast(self.settings, next(model.parameters()).device):
            computed = labelled_logprobs(
                model,
                [examples[i] for i in missing],
                pad=pad,
                temperature=self._objective.temperature,
            )
        complete = list(examples)
        for index, values in zip(missing, computed, strict=True):
            complete[index] = replace(examples[index], old_logprobs=values)
        return complete

    def _set_temperature(self, row: Row) -> None:
        """Use the sampling temperature of the export, unless the run sets another one."""
        policy = row.get("policy")
        temperature = policy.get("temperature") if isinstance(policy, dict) else None
        if self.settings.temperature or not temperature:
            return
        if self._export_temperature not in (None, temperature):
            raise JobError(
                f"The export has rollouts at the temperatures {self._export_temperature:g} and "
                f"{temperature:g}, whose probabilities are not comparable. Export the rollouts of "
                "one policy, or set temperature."
            )
        self._export_temperature = float(temperature)
        self._objective.temperature = self._export_temperature

    def _check_tokens(self, row: Row, tokenizer: PreTrainedTokenizerBase) -> None:
        """Check on the first group with stored tokens that the base's tokenizer decodes them.

        Raises JobError if none of the group's tokens decode to their text.
        """
        if self._tokens_are_checked:
            return
        decoded = [
            (
                str(tokenizer.decode(response["token_ids"], skip_special_tokens=True)),
                response["text"],
            )
            for response in required(row, "responses", list)
            if isinstance(response, dict)
            and isinstance(response.get("text"), str)
            and _in_vocabulary(tokenizer, response.get("token_ids"))
        ]
        matches = [
            "".join(own.split()) == "".join(text.split()) for own, text in decoded if own.strip()
        ]
        if matches and not any(matches):
            raise JobError(
                "The tokens stored with the rollouts do not decode to their texts with the "
                f"tokenizer of {self.settings.base}: train the policy that made them."
            )
        self._tokens_are_checked = bool(matches)


def labelled_logprobs(
    model: torch.nn.Module, examples: Sequence[Example], *, pad: int, temperature: float
) -> list[list[float]]:
    """Return the model's log-probability of each labelled token, example by example."""
    device = next(model.parameters()).device
    model.eval()
    values: list[list[float]] = []
    with torch.no_grad():
        for examples_of_batch in _batches(examples):
            batch = collate(examples_of_batch, pad=pad, device=device)
            logprobs, mask = token_logprobs(model, batch, temperature=temperature)
            values += [row[kept].tolist() for row, kept in zip(logprobs, mask, strict=True)]
    return values


def _batches(examples: Sequence[Example]) -> Iterator[list[Example]]:
    """Yield the examples in order, in batches that fit when padded, with at least one each."""
    batch: list[Example] = []
    for example in examples:
        longest = max(len(other.ids) for other in (*batch, example))
        is_full = len(batch) == MAX_BATCH_SEQUENCES or longest * (len(batch) + 1) > MAX_BATCH_TOKENS
        if batch and is_full:
            yield batch
            batch = []
        batch.append(example)
    if batch:
        yield batch


def _in_vocabulary(tokenizer: PreTrainedTokenizerBase, ids: list[int] | None) -> bool:
    """Return whether all ids are tokens of the tokenizer; False if there are none."""
    return ids is not None and len(ids) > 0 and min(ids) >= 0 and max(ids) < len(tokenizer)


def _rollout(
    tokenizer: PreTrainedTokenizerBase, prompt: list[int], response: Any, rate: float
) -> Example:
    """Return an example with a loss on the response and its end token.

    Stored token ids are used as they are. Raises JobError for a response that can't be used.
    """
    if not isinstance(response, dict) or response.get("reward") not in (0, 1):
        raise JobError("A response of the export has no reward of 0 or 1.")
    ids = response.get("token_ids")
    if ids is None:
        text = required(response, "text", str)
        ids = tokenizer.encode(text, add_special_tokens=False)
        ids = [*ids, tokenizer.eos_token_id] if tokenizer.eos_token_id is not None else list(ids)
    old_logprobs = response.get("old_logprobs")
    if old_logprobs is not None and len(old_logprobs) != len(ids):
        raise JobError(
            f"A response of the export has {len(old_logprobs)} log-probabilities for {len(ids)} "
            "tokens."
        )
    if ids and not _in_vocabulary(tokenizer, ids):
        raise JobError(
            f"A response of the export has the token {max(ids)}, but the base's tokenizer has only "
            f"{len(tokenizer)} tokens: train the policy that made the rollouts."
        )
    labels = [IGNORE] * len(prompt) + list(ids)
    return Example(prompt + list(ids), labels, bool(response["reward"]), rate, old_logprobs)
