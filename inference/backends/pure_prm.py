"""Process reward models in the format of PURE: the chance of right less that of wrong.

A token classifier that reads the problem and the steps with an empty line after each; its score
lies between -1 and 1, and below 0 a step is rather wrong. After the model card of
jinachris/PURE-PRM-7B and "Stop Summation" (arXiv 2504.15275).
"""

from collections.abc import Sequence
from typing import ClassVar

import torch

from inference.backends.trl_prm import RIGHT, WRONG, TrlPrmBackend


class PurePrmBackend(TrlPrmBackend):
    model_types: ClassVar[Sequence[str]] = ("qwen2",)
    threshold = 0.0
    separator = "\n\n"
    begins_with_bos = False

    def score_of(self, chances: torch.Tensor) -> torch.Tensor:
        return chances[:, RIGHT] - chances[:, WRONG]
