"""Process reward models in the format of Skywork-o1-Open-PRM: a value at the end of each line.

The problem is a line, each step is one, and the value head's sigmoid at a step's line break is its
score. A line break within a step would be read as the end of one, so it becomes a blank. The paper
of ProcessBench takes as threshold what does best on its GSM8K subset; 0.5 is where to begin.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import torch

from inference.backends.interface import TraceText
from inference.backends.prm.backend import Head, Prepared, PrmBackend
from inference.backends.prm.heads import linear_head
from inference.backends.prm.inputs import load_tokenizer

LINE = "\n"


class SkyworkPrmBackend(PrmBackend):
    model_types: ClassVar[Sequence[str]] = ("qwen2",)

    def read_text(self, folder: Path) -> int:
        self.tokenizer: Any = load_tokenizer(folder)
        self.line = int(self._tokens(LINE)[-1])
        return int(self.tokenizer.pad_token_id or 0)

    def read_head(self, folder: Path) -> Head:
        head = linear_head(folder, ["v_head.summary"], labels=1).to(self.device)

        def scores(hidden: torch.Tensor) -> torch.Tensor:
            values: torch.Tensor = head(hidden)
            return values.squeeze(-1).sigmoid()

        return scores

    def prepare(self, trace: TraceText) -> Prepared | str:
        ids = self._tokens(f"{self.tokenizer.bos_token or ''}{trace.problem}{LINE}")
        places = []
        for step in trace.steps:
            ids += self._tokens(" ".join(step.splitlines()))
            ids.append(self.line)
            places.append(len(ids) - 1)
        return Prepared(ids, places)

    def _tokens(self, text: str) -> list[int]:
        return list(self.tokenizer(text, verbose=False)["input_ids"])
