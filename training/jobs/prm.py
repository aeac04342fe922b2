"""A process reward model: a language model with a head of two labels that is read after every step.

The tokens follow TRL's layout of stepwise supervision: the prompt, then each step followed by the
separator. The separator's last token carries the step's label, 1 for correct and 0 for wrong; other
tokens have no loss. A row needs `prompt`, `completions` and `labels`. A step with the label null
has no loss.
"""

from collections.abc import Iterable
from typing import Any

import torch
from transformers import PreTrainedTokenizerBase

from training.jobs.batches import IGNORE, Batch, Example
from training.jobs.errors import JobError
from training.jobs.export_reader import Row, required
from training.jobs.job_settings import PrmSettings
from training.jobs.model_loading import load_step_classifier
from training.jobs.optimizer import Objective


class StepLabelLoss:
    """The mean cross-entropy of the labelled steps of an update."""

    def weight(self, batch: Batch) -> float:
        """Return the number of labelled steps."""
        return float((batch.labels != IGNORE).sum())

    def total(self, model: torch.nn.Module, batch: Batch) -> torch.Tensor:
        """Return the summed cross-entropy of the labelled steps."""
        output: Any = model(input_ids=batch.ids, attention_mask=batch.mask)
        labelled = batch.labels != IGNORE
        return torch.nn.functional.cross_entropy(
            output.logits[labelled].float(), batch.labels[labelled], reduction="sum"
        )


class PrmJob:
    """The job `prm`."""

    def __init__(self, settings: PrmSettings) -> None:
        self.settings = settings
        self.objective: Objective = StepLabelLoss()

    def load_model(self) -> torch.nn.Module:
        """Return the base as a classifier of steps."""
        return load_step_classifier(self.settings)

    def examples(
        self, rows: Iterable[Row], tokenizer: PreTrainedTokenizerBase
    ) -> Iterable[Example]:
        """Yield one example per trace. Raises JobError if labels and steps differ in number."""
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
            ids, positions = step_tokens(tokenizer, prompt, steps, self.settings.separator)
            yield _truncate(_label_steps(ids, positions, labels), self.settings.max_tokens)

    def prepare(self, model: torch.nn.Module, examples: list[Example], pad: int) -> list[Example]:
        """Return the examples unchanged."""
        return examples


def step_tokens(
    tokenizer: PreTrainedTokenizerBase, prompt: str, steps: list[str], separator: str
) -> tuple[list[int], list[int]]:
    """Return the token ids of prompt and steps, and the position of each step's label."""

    def encode(text: str) -> list[int]:
        return list(tokenizer.encode(text, add_special_tokens=False))

    start = [] if tokenizer.bos_token_id is None else [tokenizer.bos_token_id]
    ids = start + encode(prompt)
    end = encode(separator)
    positions = []
    for step in steps:
        ids += encode(step) + end
        positions.append(len(ids) - 1)
    return ids, positions


def _label_steps(ids: list[int], positions: list[int], labels: list[Any]) -> Example:
    token_labels = [IGNORE] * len(ids)
    for position, label in zip(positions, labels, strict=True):
        if label is not None:
            token_labels[position] = int(float(label) >= 0.5)
    return Example(ids, token_labels)


def _truncate(example: Example, max_tokens: int) -> Example:
    """Return the first `max_tokens` tokens; labels of early steps do not depend on later steps."""
    return Example(example.ids[:max_tokens], example.labels[:max_tokens])
