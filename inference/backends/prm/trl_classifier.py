"""Token classifiers trained as process reward models with TRL's PRMTrainer, or by our own job.

The tokens are those of the trainer: the problem, and each step followed by a separator, each part
tokenized alone; the label is read at the separator's last token. Label 1 is a right step. Of the
recipe's parameters `separator` must be that of the training (TRL's `step_separator`).
"""

from pathlib import Path
from typing import Any

import torch

from inference.backends.interface import BackendError, TraceText
from inference.backends.prm.backend import Head, Prepared, PrmBackend
from inference.backends.prm.heads import linear_head
from inference.backends.prm.inputs import load_tokenizer

RIGHT, WRONG = 1, 0


class TrlPrmBackend(PrmBackend):
    begins_with_bos = True

    def read_text(self, folder: Path) -> int:
        self.tokenizer: Any = load_tokenizer(folder)
        self.separator: str = self.options.separator
        self.between = self._tokens(self.separator)
        if not self.between:
            raise BackendError("The separator is empty; give the one that the model learned with.")
        return int(self.tokenizer.pad_token_id or 0)

    def read_head(self, folder: Path) -> Head:
        head = linear_head(folder, ["score"], labels=2, with_bias=False).to(self.device)

        def scores(hidden: torch.Tensor) -> torch.Tensor:
            return self.score_of(head(hidden).softmax(dim=-1))

        return scores

    def score_of(self, chances: torch.Tensor) -> torch.Tensor:
        """Return n scores from the chances of wrong and right (n, 2)."""
        return chances[:, RIGHT]

    def prepare(self, trace: TraceText) -> Prepared | str:
        bos = self.tokenizer.bos_token_id
        ids = [bos] if self.begins_with_bos and bos is not None else []
        ids += self._tokens(trace.problem)
        places = []
        for number, step in enumerate(trace.steps, start=1):
            if self.separator.strip("\n") and self.separator in step:
                return f"Step {number} contains {self.separator!r}, which ends a step."
            ids += self._tokens(step)
            ids += self.between
            places.append(len(ids) - 1)
        return Prepared(ids, places)

    def _tokens(self, text: str) -> list[int]:
        return list(self.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])
