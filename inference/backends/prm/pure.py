"""Process reward models in the format of PURE: the chance of right less that of wrong.

A token classifier trained with TRL; its score lies between -1 and 1, and below 0 a step is rather
wrong. The answers of its policies are cut into steps at empty lines, but what it reads after each
step is one line break, as in its training. After the model card of jinachris/PURE-PRM-7B and "Stop
Summation" (arXiv 2504.15275).
"""

from collections.abc import Sequence
from typing import ClassVar

import torch

from inference.backends.prm.trl_classifier import RIGHT, WRONG, TrlPrmBackend


class PurePrmBackend(TrlPrmBackend):
    model_types: ClassVar[Sequence[str]] = ("qwen2",)
    threshold = 0.0
    begins_with_bos = False

    def score_of(self, chances: torch.Tensor) -> torch.Tensor:
        return chances[:, RIGHT] - chances[:, WRONG]
