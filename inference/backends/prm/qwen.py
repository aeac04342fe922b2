"""Process reward models in the format of Qwen2.5-Math-PRM, through transformers.

The model reads a problem and its steps as a conversation with a separator token after every step;
two logits at each separator say whether the step is wrong or right. After the model card of
Qwen/Qwen2.5-Math-PRM-7B and "The Lessons of Developing Process Reward Models" (arXiv 2501.07301).
Qwen2.5-Math-7B-PRM800K and, with the parameter `system` empty, ReasonFlux-PRM-7B are read alike. A
token classifier with two labels is read as well.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import torch

from inference.backends.interface import TraceText
from inference.backends.prm.backend import Head, Prepared, PrmBackend
from inference.backends.prm.heads import has_weight, linear_head
from inference.backends.prm.inputs import QwenText

RIGHT = 1  # the column of the two logits that stands for a right step


class QwenPrmBackend(PrmBackend):
    model_types: ClassVar[Sequence[str]] = ("qwen2",)

    def read_text(self, folder: Path) -> int:
        self.text = QwenText(folder, system=self.options.system)
        return self.text.padding

    def read_head(self, folder: Path) -> Head:
        names = ["score.0", "score.2"] if has_weight(folder, "score.0.weight") else ["score"]
        head = linear_head(folder, names, labels=2).to(self.device)

        def scores(hidden: torch.Tensor) -> torch.Tensor:
            right: torch.Tensor = head(hidden).softmax(dim=-1)[:, RIGHT]
            return right

        return scores

    def prepare(self, trace: TraceText) -> Prepared | str:
        ids = self.text.tokens_of(trace)
        if reason := self.text.unusable(trace, ids, self.context):
            return reason
        return Prepared(ids, [i for i, token in enumerate(ids) if token == self.text.separator])
