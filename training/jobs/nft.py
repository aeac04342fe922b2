"""NFT on an export of rollouts: a problem's right and wrong attempts, and the share that is right.

A row is a problem with its group: `prompt` (messages), `r_q` (the share that is right) and
`responses`, each with `text` and `reward` (0 or 1), and where they are known `token_ids` and
`old_logprobs`. Where they are not, the base model has to be the policy that the rollouts came
from, and its log-probabilities are worked out before training. Groups that are all right or all
wrong teach nothing and are left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import torch
from transformers import PreTrainedTokenizerBase

from training.jobs import nft_loss
from training.jobs.errors import JobError
from training.jobs.examples import IGNORE, Batch, Example, collate
from training.jobs.export_reader import Row, required
from training.jobs.job_settings import NftSettings
from training.jobs.likelihood import token_logprobs
from training.jobs.model_loading import casting, load_language_model
from training.jobs.optimizer import Objective
from training.jobs.prompts import prompt_ids

# Sequences at once where log-probabilities are worked out, and tokens: over a large vocabulary the
# logits of so many tokens are some gigabytes.
SEQUENCES_AT_ONCE = 64
TOKENS_AT_ONCE = 8_192


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
        self._stated: float | None = None
        self._tokens_are_checked = False

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
            self._check_tokens(row, tokenizer)
            prompt = prompt_ids(tokenizer, required(row, "prompt", list))
            for response in required(row, "responses", list):
                yield _rollout(tokenizer, prompt, response, rate)

    def prepare(self, model: torch.nn.Module, examples: list[Example], pad: int) -> list[Example]:
        """Fills in the old log-probabilities that nobody kept."""
        missing = [i for i, example in enumerate(examples) if example.old_logprobs is None]
        with casting(self.settings, next(model.parameters()).device):
            found = old_logprobs(
                model,
                [examples[i] for i in missing],
                pad=pad,
                temperature=self._objective.temperature,
            )
        complete = list(examples)
        for place, values in zip(missing, found, strict=True):
            complete[place] = replace(examples[place], old_logprobs=values)
        return complete

    def _take_temperature(self, row: Row) -> None:
        """The sampling temperature that the export names, unless the run sets another."""
        policy = row.get("policy")
        stated = policy.get("temperature") if isinstance(policy, dict) else None
        if self.settings.temperature or not stated:
            return
        if self._stated not in (None, stated):
            raise JobError(
                f"The export has rollouts at the temperatures {self._stated:g} and {stated:g}, "
                "whose probabilities are not comparable: export one policy's, or set temperature."
            )
        self._stated = float(stated)
        self._objective.temperature = self._stated

    def _check_tokens(self, row: Row, tokenizer: PreTrainedTokenizerBase) -> None:
        """Of the first group with kept tokens, some say their text in the base's tokenizer."""
        if self._tokens_are_checked:
            return
        said = [
            (
                str(tokenizer.decode(response["token_ids"], skip_special_tokens=True)),
                response["text"],
            )
            for response in required(row, "responses", list)
            if isinstance(response, dict)
            and isinstance(response.get("text"), str)
            and _are_of(tokenizer, response.get("token_ids"))
        ]
        same = ["".join(own.split()) == "".join(text.split()) for own, text in said if own.strip()]
        if same and not any(same):
            raise JobError(
                "The tokens kept with the rollouts don't say their texts in the tokenizer "
                f"of {self.settings.base}: train the policy that made them."
            )
        self._tokens_are_checked = bool(same)


def old_logprobs(
    model: torch.nn.Module, examples: Sequence[Example], *, pad: int, temperature: float
) -> list[list[float]]:
    """The model's log-probabilities of each example's labelled tokens, as it is now."""
    device = next(model.parameters()).device
    model.eval()
    found: list[list[float]] = []
    with torch.no_grad():
        for part in _parts(examples):
            batch = collate(part, pad=pad, device=device)
            logprobs, mask = token_logprobs(model, batch, temperature=temperature)
            found += [row[kept].tolist() for row, kept in zip(logprobs, mask, strict=True)]
    return found


def _parts(examples: Sequence[Example]) -> Iterator[list[Example]]:
    """The examples in order, as many at once as fit padded, one at least."""
    part: list[Example] = []
    for example in examples:
        longest = max(len(other.ids) for other in (*part, example))
        is_full = len(part) == SEQUENCES_AT_ONCE or longest * (len(part) + 1) > TOKENS_AT_ONCE
        if part and is_full:
            yield part
            part = []
        part.append(example)
    if part:
        yield part


def _are_of(tokenizer: PreTrainedTokenizerBase, ids: list[int] | None) -> bool:
    """Whether these are tokens of the tokenizer; false without any."""
    return ids is not None and len(ids) > 0 and min(ids) >= 0 and max(ids) < len(tokenizer)


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
    if ids and not _are_of(tokenizer, ids):
        raise JobError(
            f"A response of the export has the token {max(ids)}, which the base's tokenizer with "
            f"its {len(tokenizer)} tokens lacks: train the policy that made the rollouts."
        )
    labels = [IGNORE] * len(prompt) + list(ids)
    return Example(prompt + list(ids), labels, bool(response["reward"]), rate, old)
