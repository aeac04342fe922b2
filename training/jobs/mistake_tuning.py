"""Mistake tuning (arXiv 2403.20046): right and wrong rationales, each under its prefix.

The loss is on the whole of question, prefix and rationale. An end token follows, so that the
trained model stops. A row needs `text` and `is_correct`, and for the control without tags
`question` and `rationale`.
"""

from collections.abc import Iterable

import torch
from transformers import PreTrainedTokenizerBase

from training.jobs.examples import Example
from training.jobs.export_reader import Row, required
from training.jobs.job_settings import MistakeTuningSettings
from training.jobs.likelihood import LanguageModelling
from training.jobs.model_loading import load_language_model
from training.jobs.optimizer import Objective


class MistakeTuningJob:
    def __init__(self, settings: MistakeTuningSettings) -> None:
        self.settings = settings
        self.objective: Objective = LanguageModelling()

    def load_model(self) -> torch.nn.Module:
        return load_language_model(self.settings)

    def examples(
        self, rows: Iterable[Row], tokenizer: PreTrainedTokenizerBase
    ) -> Iterable[Example]:
        for row in rows:
            if self.settings.rationales == "correct" and not required(row, "is_correct", bool):
                continue
            yield whole_text(tokenizer, self._text(row))

    def prepare(self, model: torch.nn.Module, examples: list[Example], pad: int) -> list[Example]:
        return examples

    def _text(self, row: Row) -> str:
        """The text as it was exported, with or without its tag; the control builds its own."""
        if self.settings.prefix:
            return str(required(row, "text", str))
        return "\n".join([required(row, "question", str), required(row, "rationale", str)])


def whole_text(tokenizer: PreTrainedTokenizerBase, text: str) -> Example:
    """Loss on every token that has one before it, the end token included."""
    ids: list[int] = tokenizer(text, verbose=False)["input_ids"]
    end = tokenizer.eos_token_id
    if end is not None and ids[-1] != end:
        ids = [*ids, end]
    return Example(ids, list(ids))
