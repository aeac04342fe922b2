"""Process reward models in the format of ReasonEval: wrong, neutral or positive.

The problem and the steps are one text. A mark after each step is removed again once the text is
tokenized. The score, the validity of the paper, is read at the last token before it: the chance of
neutral or positive. After the code of GAIR-NLP/ReasonEval and "Evaluating Mathematical Reasoning
Beyond Accuracy" (arXiv 2404.05692), section 3.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import torch

from inference.backends.interface import BackendError, TraceText
from inference.backends.prm.backend import Head, Prepared, PrmBackend
from inference.backends.prm.heads import linear_head
from inference.backends.prm.inputs import load_tokenizer

PROMPT = "Question:\n{problem}\nAnswer:\nLet's think step by step.\n"


class ReasonEvalPrmBackend(PrmBackend):
    model_types: ClassVar[Sequence[str]] = ("mistral", "llama")

    def read_text(self, folder: Path) -> int:
        self.tokenizer: Any = load_tokenizer(folder)
        if self.tokenizer.pad_token is None:
            raise BackendError(
                f"The tokenizer in {folder} has no padding token, which ReasonEval separates by."
            )
        self.mark: str = self.tokenizer.pad_token
        return int(self.tokenizer.pad_token_id)

    def read_head(self, folder: Path) -> Head:
        head = linear_head(folder, ["score_head"], labels=3, with_bias=False).to(self.device)

        def scores(hidden: torch.Tensor) -> torch.Tensor:
            chances = head(hidden).softmax(dim=-1)  # wrong, neutral, positive
            return chances[:, 1] + chances[:, 2]

        return scores

    def prepare(self, trace: TraceText) -> Prepared | str:
        if any(self.mark in step for step in trace.steps):
            return f"A step contains the text {self.mark}, with which the model separates steps."
        prompt = PROMPT.format(problem=trace.problem)
        steps = "".join(step + self.mark for step in trace.steps)
        marked = list(self.tokenizer(f"{prompt}{self.mark}{steps}", verbose=False)["input_ids"])
        # The first token of a text may be the separator itself.
        begins = marked[:1] == [self.tokenizer.bos_token_id]
        ids: list[int] = marked[:1] if begins else []
        places = []
        for token in marked[1:] if begins else marked:
            if token == self.padding:
                places.append(len(ids) - 1)
            else:
                ids.append(token)
        return Prepared(ids, places[1:])  # the first mark ends the problem
