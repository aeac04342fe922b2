"""The tokens that a process reward model reads of a trace.

One class a format, the same for the model in this process and for a server. Each knows the
separator after every step, where the score is read.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from inference.backends.interface import NO_ERROR, BackendError, Finding, TraceText
from inference.backends.prm.model_folders import as_backend_error


class PrmText(ABC):
    """A format of traces.

    `mark` is the separator in the text and `word` in the vocabulary; `separator` is its token id,
    and `padding` that of a padding token.
    """

    mark: str
    word: str
    like: str  # which models are of this form, as a sentence names them

    def __init__(self, folder: Path) -> None:
        self.tokenizer = load_tokenizer(folder)
        self.separator = self.number_of(self.word)
        self.padding: int = self.tokenizer.pad_token_id or 0

    @abstractmethod
    def tokens_of(self, trace: TraceText) -> list[int]:
        """Return the model's input, one separator after each step."""

    def unusable(self, trace: TraceText, ids: Sequence[int], context: int) -> str:
        """Return the reason why the model can't judge the trace, or an empty string."""
        if any(self.mark in step for step in trace.steps):
            return f"A step contains the text {self.mark}, with which the model separates steps."
        if list(ids).count(self.separator) != len(trace.steps):
            return f"The number of {self.mark} tokens is not the number of steps."
        if len(ids) > context:
            return f"The trace is longer than the {context} tokens that the model reads."
        return ""

    def number_of(self, token: str) -> int:
        """Return the token's id. Raises BackendError if the vocabulary lacks it."""
        number = self.tokenizer.get_vocab().get(token)
        if number is None:
            raise BackendError(f"The tokenizer has no token {token}: this is no {self.like}.")
        return int(number)


class QwenText(PrmText):
    """A conversation whose answer has a separator after every step.

    After the model card of Qwen/Qwen2.5-Math-PRM-7B.
    """

    mark = word = "<extra_0>"
    system = "Please reason step by step, and put your final answer within \\boxed{}."
    like = "model like Qwen2.5-Math-PRM"

    def __init__(self, folder: Path, system: str | None = None) -> None:
        """Load the tokenizer. An empty `system` omits the system's turn."""
        super().__init__(folder)
        if system is not None:
            self.system = system
        if not self.tokenizer.chat_template:
            raise BackendError(f"The tokenizer in {folder} has no chat template.")

    def tokens_of(self, trace: TraceText) -> list[int]:
        conversation = [
            *([{"role": "system", "content": self.system}] if self.system else []),
            {"role": "user", "content": trace.problem},
            {"role": "assistant", "content": "".join(step + self.mark for step in trace.steps)},
        ]
        text = self.tokenizer.apply_chat_template(
            conversation, tokenize=False, add_generation_prompt=False
        )
        ids: list[int] = self.tokenizer(text, verbose=False)["input_ids"]
        return ids


class MathShepherdText(PrmText):
    """The problem and numbered steps in one line each; the next token would be `right` or `wrong`.

    After the model card of peiyi9979/math-shepherd-mistral-7b-prm.
    """

    # As the vocabulary of Llama 2 and Mistral writes them: with the blank before them.
    mark = "ки"
    word = "▁ки"
    right, wrong = "▁+", "▁-"
    like = "model like Math-Shepherd"

    def tokens_of(self, trace: TraceText) -> list[int]:
        steps = (number_step(step, number) for number, step in enumerate(trace.steps, start=1))
        text = f"{trace.problem} " + "\n".join(f"{step} {self.mark}" for step in steps)
        ids: list[int] = self.tokenizer(text, verbose=False)["input_ids"]
        return ids


def number_step(step: str, number: int) -> str:
    """Return the step with its number before it, unless it has that already."""
    name = f"Step {number}:"
    return step if step.startswith(name) else f"{name} {step}"


def finding_from_scores(scores: Sequence[float], threshold: float) -> Finding:
    """Return the finding whose error is the first step scored below the threshold."""
    below = (index for index, score in enumerate(scores) if score < threshold)
    return Finding(next(below, NO_ERROR), scores=scores)


def load_tokenizer(folder: Path) -> Any:
    """Return the folder's tokenizer; no code that came with it is run."""
    from transformers import AutoTokenizer  # half a second

    with as_backend_error(folder, "tokenizer"):
        return AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
