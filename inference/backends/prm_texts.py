"""How a trace becomes the tokens that a process reward model reads.

One class a format, alike for the model in this process and for a server. Each knows the separator
that stands after every step and where the score is read.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inference.backends.base import NO_ERROR, BackendError, Finding, TraceText
from inference.backends.model_folders import refusing


class PrmText(ABC):
    """`mark` is the separator as text, `separator` its token, `padding` a token for filling up."""

    mark: str

    def __init__(self, folder: Path) -> None:
        self.tokenizer = _tokenizer(folder)
        self.separator = self._token(self.mark)
        self.padding: int = self.tokenizer.pad_token_id or 0

    @abstractmethod
    def tokens_of(self, trace: TraceText) -> list[int]:
        """What the model reads, one separator after each step."""

    def unusable(self, trace: TraceText, ids: Sequence[int], context: int) -> str:
        """Why the model can't be asked about the trace, or an empty string."""
        if any(self.mark in step for step in trace.steps):
            return f"A step contains the text {self.mark}, with which the model separates steps."
        if list(ids).count(self.separator) != len(trace.steps):
            return f"The number of {self.mark} tokens is not the number of steps."
        if len(ids) > context:
            return f"The trace is longer than the {context} tokens that the model reads."
        return ""

    def _token(self, text: str) -> int:
        number = self.tokenizer.get_vocab().get(text)
        if number is None:
            raise BackendError(f"The tokenizer has no token {text}: this is no {self.like}.")
        return int(number)

    @property
    @abstractmethod
    def like(self) -> str:
        """Which models are of this form, as a sentence names them."""


class QwenText(PrmText):
    """A conversation whose answer has a separator after every step, after the model card of
    Qwen/Qwen2.5-Math-PRM-7B."""

    mark = "<extra_0>"
    system = "Please reason step by step, and put your final answer within \\boxed{}."
    like = "model like Qwen2.5-Math-PRM"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        if not self.tokenizer.chat_template:
            raise BackendError(f"The tokenizer in {folder} has no chat template.")

    def tokens_of(self, trace: TraceText) -> list[int]:
        conversation = [
            {"role": "system", "content": self.system},
            {"role": "user", "content": trace.problem},
            {"role": "assistant", "content": "".join(step + self.mark for step in trace.steps)},
        ]
        text = self.tokenizer.apply_chat_template(
            conversation, tokenize=False, add_generation_prompt=False
        )
        ids: list[int] = self.tokenizer(text, verbose=False)["input_ids"]
        return ids


def finding_of(scores: Sequence[float], threshold: float) -> Finding:
    """The first step scored below the threshold is the error."""
    below = (index for index, score in enumerate(scores) if score < threshold)
    return Finding(next(below, NO_ERROR), scores=scores)


def _tokenizer(folder: Path) -> Any:
    from transformers import AutoTokenizer  # half a second

    with refusing(folder, "tokenizer"):
        return AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
