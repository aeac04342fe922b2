"""Process reward models in the format of RLHFlow: a chat in which the model answers + or -.

The first user turn is the problem and the first step, each later one a step; the model's turn is
one token. All turns are read at once with + as every answer, which is what the model sees when it
is asked one step after the other: the score is the softmax over + and - at the token before each
answer. After the model cards of RLHFlow/Llama3.1-8B-PRM-Mistral-Data and -Deepseek-Data.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import torch

from inference.backends.interface import BackendError, TraceText
from inference.backends.prm.backend import Head, Prepared, PrmBackend
from inference.backends.prm.heads import output_rows
from inference.backends.prm.inputs import load_tokenizer

RIGHT, WRONG = "+", "-"


class RlhflowPrmBackend(PrmBackend):
    model_types: ClassVar[Sequence[str]] = ("llama", "mistral")

    def read_text(self, folder: Path) -> int:
        self.tokenizer: Any = load_tokenizer(folder)
        if not self.tokenizer.chat_template:
            raise BackendError(f"The tokenizer in {folder} has no chat template.")
        self.signs = [self._sign(RIGHT), self._sign(WRONG)]
        self.opening = self._opening()
        padding = self.tokenizer.pad_token_id
        return int(padding if padding is not None else self.tokenizer.eos_token_id or 0)

    def read_head(self, folder: Path) -> Head:
        rows = output_rows(folder, self.signs).to(self.device)

        def scores(hidden: torch.Tensor) -> torch.Tensor:
            return (hidden @ rows.T).softmax(dim=-1)[:, 0]

        return scores

    def prepare(self, trace: TraceText) -> Prepared | str:
        turns = [f"{trace.problem} {trace.steps[0]}", *trace.steps[1:]]
        conversation = []
        for turn in turns:
            conversation.append({"role": "user", "content": turn})
            conversation.append({"role": "assistant", "content": RIGHT})
        ids = self._tokens(conversation)
        return Prepared(ids, _ends(ids, [*self.opening, self.signs[0]], back=2))

    def _tokens(self, conversation: list[dict[str, str]], *, ask: bool = False) -> list[int]:
        text = self.tokenizer.apply_chat_template(
            conversation, tokenize=False, add_generation_prompt=ask
        )
        # The template writes the first token itself.
        ids: list[int] = self.tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"]
        return ids

    def _sign(self, sign: str) -> int:
        ids = self.tokenizer(sign, add_special_tokens=False)["input_ids"]
        return int(ids[-1])

    def _opening(self) -> list[int]:
        """Return the tokens with which the model's turn begins."""
        asked = [{"role": "user", "content": "?"}]
        before, after = self._tokens(asked), self._tokens(asked, ask=True)
        opening = after[len(before) :]
        if after[: len(before)] != before or not opening:
            raise BackendError("The chat template opens no turn of the model's: this is no PRM.")
        return opening


def _ends(ids: Sequence[int], pattern: Sequence[int], *, back: int) -> list[int]:
    """Return the place of the pattern's last token but `back` - 1, for each occurrence."""
    width = len(pattern)
    wanted = list(pattern)
    return [
        start + width - back
        for start in range(len(ids) - width + 1)
        if list(ids[start : start + width]) == wanted
    ]
