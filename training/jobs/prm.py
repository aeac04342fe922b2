"""A process reward model: a language model with a head of two labels, asked after every step.

Tokens as TRL lays out stepwise supervision: the prompt, then each step followed by the separator,
whose last token carries the step's label, 1 for right and 0 for wrong; no loss elsewhere. A row
needs `prompt`, `completions` and `labels`; a step whose label is null has no loss.
"""

from collections.abc import Iterable
from typing import Any

import torch
from transformers import PreTrainedTokenizerBase

from training.jobs.errors import JobError
from training.jobs.examples import IGNORE, Batch, Example
from training.jobs.export_reader import Row, required
from training.jobs.job_settings import PrmSettings
from training.jobs.model_loading import load_step_classifier
from training.jobs.optimizer import Objective


class StepLabels:
    """The mean cross-entropy of the labelled steps of an update."""

    def weight(self, batch: Batch) -> float:
        return float((batch.labels != IGNORE).sum())

    def total(self, model: torch.nn.Module, batch: Batch) -> torch.Tensor:
        output: Any = model(input_ids=batch.ids, attention_mask=batch.mask)
        judged = batch.labels != IGNORE
        return torch.nn.functional.cross_entropy(
            output.logits[judged].float(), batch.labels[judged], reduction="sum"
        )


class PrmJob:
    def __init__(self, settings: PrmSettings) -> None:
        self.settings = settings
        self.objective: Objective = StepLabels()

    def load_model(self) -> torch.nn.Module:
        return load_step_classifier(self.settings)

    def examples(
        self, rows: Iterable[Row], tokenizer: PreTrainedTokenizerBase
    ) -> Iterable[Example]:
        for row in rows:
            steps = required(row, "completions", list)
            labels = required(row, "labels", list)
            if len(steps) != len(labels):
                raise JobError(
                    f"A row of the export has {len(labels)} labels for {len(steps)} steps."
                )
            if self.settings.last_step_only:
                labels = [None] * (len(labels) - 1) + labels[-1:]
            prompt = required(row, "prompt", str)
            ids, places = step_tokens(tokenizer, prompt, steps, self.settings.separator)
            yield _cut(_labelled(ids, places, labels), self.settings.max_tokens)

    def prepare(self, model: torch.nn.Module, examples: list[Example], pad: int) -> list[Example]:
        return examples


def step_tokens(
    tokenizer: PreTrainedTokenizerBase, prompt: str, steps: list[str], separator: str
) -> tuple[list[int], list[int]]:
    """The ids of prompt and steps, and the place of each step's judged token."""

    def encode(text: str) -> list[int]:
        return list(tokenizer.encode(text, add_special_tokens=False))

    start = [] if tokenizer.bos_token_id is None else [tokenizer.bos_token_id]
    ids = start + encode(prompt)
    end = encode(separator)
    places = []
    for step in steps:
        ids += encode(step) + end
        places.append(len(ids) - 1)
    return ids, places


def _labelled(ids: list[int], places: list[int], labels: list[Any]) -> Example:
    marked = [IGNORE] * len(ids)
    for place, label in zip(places, labels, strict=True):
        if label is not None:
            marked[place] = int(float(label) >= 0.5)
    return Example(ids, marked)


def _cut(example: Example, longest: int) -> Example:
    """The first `longest` tokens: the labels of early steps don't depend on later ones."""
    return Example(example.ids[:longest], example.labels[:longest])
