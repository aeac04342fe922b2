"""Process reward models in the format of Math-Shepherd: a language model that says + or -.

Each step ends in the tag ки; of the logits there those of + and - count, and the score is the
softmax over the two. After the model card of peiyi9979/math-shepherd-mistral-7b-prm and
"Math-Shepherd" (arXiv 2312.08935).
"""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import torch

from inference.backends.interface import TraceText
from inference.backends.prm.backend import Head, Prepared, PrmBackend
from inference.backends.prm.heads import output_rows
from inference.backends.prm.inputs import MathShepherdText


class MathShepherdPrmBackend(PrmBackend):
    model_types: ClassVar[Sequence[str]] = ("mistral", "llama")

    def read_text(self, folder: Path) -> int:
        self.text = MathShepherdText(folder)
        return self.text.padding

    def read_head(self, folder: Path) -> Head:
        signs = [self.text.number_of(self.text.right), self.text.number_of(self.text.wrong)]
        rows = output_rows(folder, signs).to(self.device)

        def scores(hidden: torch.Tensor) -> torch.Tensor:
            return (hidden @ rows.T).softmax(dim=-1)[:, 0]

        return scores

    def prepare(self, trace: TraceText) -> Prepared | str:
        ids = self.text.tokens_of(trace)
        if reason := self.text.unusable(trace, ids, self.context):
            return reason
        return Prepared(ids, [i for i, token in enumerate(ids) if token == self.text.separator])
