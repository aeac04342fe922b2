"""What a language model makes of every step of a trace: its states, and how surprised it was.

One forward pass a trace, nothing generated, no weight changed. A step's features are the hidden
states of one layer at its last token and on average over its tokens, and of the surprisal of its
tokens (in nats) the mean, the largest, the sum and that of the first and last; and how long it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
MAX_TOKENS = 1024
TOKENS_AT_ONCE = 2048
SURPRISALS = 6


@dataclass(frozen=True, slots=True)
class Text:
    """A trace to read: what stands before the steps, and the steps."""

    problem: str
    steps: Sequence[str]


@dataclass(frozen=True, slots=True)
class StepFeatures:
    """`states` is (steps, 2 * hidden size), `surprisal` (steps, SURPRISALS)."""

    states: Floats
    surprisal: Floats


class Reader:
    """A small causal language model out of a GGUF file, in bfloat16: new CPUs multiply it several
    times as fast as float32."""

    def __init__(self, gguf: Path, *, layer: int, threads: int) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        torch.set_num_threads(threads)
        where: dict[str, Any] = {"gguf_file": gguf.name}
        self._tokenizer = AutoTokenizer.from_pretrained(gguf.parent, **where)
        self._model = AutoModelForCausalLM.from_pretrained(
            gguf.parent, dtype=torch.bfloat16, **where
        ).eval()
        self._layer = layer
        self._first = self._tokenizer.bos_token_id or self._tokenizer.eos_token_id

    def read(self, texts: Sequence[Text]) -> list[StepFeatures | None]:
        """In the order of the texts; None for one longer than MAX_TOKENS."""
        pieces = [self._pieces(text) for text in texts]
        found: list[StepFeatures | None] = [None] * len(texts)
        for batch in _batches([sum(map(len, tokens)) for tokens in pieces]):
            for place, features in zip(batch, self._read([pieces[i] for i in batch]), strict=True):
                found[place] = features
        return found

    def _pieces(self, text: Text) -> list[list[int]]:
        """The tokens of the problem and of each step, apart, so that where a step ends is known."""
        said = [f"Problem: {text.problem}\n\nSolution:\n\n", *(f"{s}\n\n" for s in text.steps)]
        tokens: list[list[int]] = self._tokenizer(said, add_special_tokens=False)["input_ids"]
        return [[self._first, *tokens[0]], *tokens[1:]]

    def _read(self, pieces: list[list[list[int]]]) -> Iterator[StepFeatures]:
        import torch

        rows = [[token for piece in trace for token in piece] for trace in pieces]
        longest = max(map(len, rows))
        ids = torch.tensor([row + [self._first] * (longest - len(row)) for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
        with torch.inference_mode():
            out = self._model(input_ids=ids, attention_mask=mask, output_hidden_states=True)
            surprisal = torch.nn.functional.cross_entropy(
                out.logits[:, :-1].flatten(0, 1).float(), ids[:, 1:].flatten(), reduction="none"
            ).view(len(rows), -1)
        states = out.hidden_states[self._layer].float().numpy()
        for trace, hidden, surprised in zip(pieces, states, surprisal.numpy(), strict=True):
            yield _of_steps(trace, hidden, surprised)


def _of_steps(trace: list[list[int]], hidden: Floats, surprisal: Floats) -> StepFeatures:
    ends = np.cumsum([len(piece) for piece in trace])
    states, surprised = [], []
    for start, end in pairwise(ends):
        # The token at place i was foreseen at place i - 1.
        own = surprisal[start - 1 : end - 1]
        states.append(np.concatenate([hidden[end - 1], hidden[start:end].mean(0)]))
        surprised.append([own.mean(), own.max(), own.sum(), own[0], own[-1], len(own)])
    return StepFeatures(np.stack(states), np.array(surprised, dtype=np.float32))


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Places of texts of like length, TOKENS_AT_ONCE with their padding at the most."""
    batch: list[int] = []
    readable = (i for i, length in enumerate(lengths) if length <= MAX_TOKENS)
    for place in sorted(readable, key=lambda i: lengths[i]):
        if batch and (len(batch) + 1) * lengths[place] > TOKENS_AT_ONCE:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch
