"""Mistake tuning (arXiv 2403.20046): correct and wrong rationales, each with its prefix.

The loss covers question, prefix and rationale. An end token follows, so that the trained model
stops. A row needs `text` and `is_correct`, and for the control without tags `question` and
`rationale`.
"""

from collections.abc import Iterable

import torch
from transformers import PreTrainedTokenizerBase

from training.jobs.batches import Example
from training.jobs.export_reader import Row, required
from training.jobs.job_settings import MistakeTuningSettings
from training.jobs.likelihood import LanguageModellingLoss
from training.jobs.model_loading import load_language_model
from training.jobs.optimizer import Objective


class MistakeTuningJob:
    """The job `mistake-tuning`."""

    def __init__(self, settings: MistakeTuningSettings) -> None:
        self.settings = settings
        self.objective: Objective = LanguageModellingLoss()

    def load_model(self) -> torch.nn.Module:
        """Return the base as a language model."""
        return load_language_model(self.settings)

    def examples(
        self, rows: Iterable[Row], tokenizer: PreTrainedTokenizerBase
    ) -> Iterable[Example]:
        """Yield one example per rationale that the settings select."""
        for row in rows:
            if self.settings.rationales == "correct" and not required(row, "is_correct", bool):
                continue
            yield whole_text(tokenizer, self._text(row))

    def prepare(self, model: torch.nn.Module, examples: list[Example], pad: int) -> list[Example]:
        """Return the examples unchanged."""
        return examples

    def _text(self, row: Row) -> str:
        """Return the exported text or, for the control, question and rationale without the tag."""
        if self.settings.prefix:
            return str(required(row, "text", str))
        return "\n".join([required(row, "question", str), required(row, "rationale", str)])


def whole_text(tokenizer: PreTrainedTokenizerBase, text: str) -> Example:
    """Return an example with a loss on every token but the first, including the end token."""
    ids: list[int] = tokenizer(text, verbose=False)["input_ids"]
    end = tokenizer.eos_token_id
    if end is not None and ids[-1] != end:
        ids = [*ids, end]
    return Example(ids, list(ids))
