"""Features of every step of a trace from a frozen language model: hidden states and surprisal.

One forward pass per trace; nothing is generated. The features of a step are the hidden states of
one layer at its last token and their mean over its tokens; the mean, maximum, sum, first and last
of the surprisal of its tokens (in nats); and its length.
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
BATCH_TOKENS = 2048
SURPRISALS = 6


@dataclass(frozen=True, slots=True)
class Text:
    """A trace: the problem and the steps."""

    problem: str
    steps: Sequence[str]


@dataclass(frozen=True, slots=True)
class StepFeatures:
    """Features of a trace. `states`: (steps, 2 * hidden size), `surprisal`: (steps, SURPRISALS)."""

    states: Floats
    surprisal: Floats


class Reader:
    """A small causal language model from a GGUF file, in bfloat16.

    Recent CPUs multiply bfloat16 several times as fast as float32.
    """

    def __init__(self, gguf: Path, *, layer: int, threads: int) -> None:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer

        torch.set_num_threads(threads)
        options: dict[str, Any] = {"gguf_file": gguf.name}
        self._tokenizer = AutoTokenizer.from_pretrained(gguf.parent, **options)
        self._model = AutoModelForCausalLM.from_pretrained(
            gguf.parent, dtype=torch.bfloat16, **options
        ).eval()
        self._layer = layer
        self._first = self._tokenizer.bos_token_id or self._tokenizer.eos_token_id

    def read(self, texts: Sequence[Text]) -> list[StepFeatures | None]:
        """Return the features of each text, None for texts longer than MAX_TOKENS."""
        pieces = [self._pieces(text) for text in texts]
        features_of_texts: list[StepFeatures | None] = [None] * len(texts)
        for batch in _batches([sum(map(len, tokens)) for tokens in pieces]):
            for index, features in zip(batch, self._read([pieces[i] for i in batch]), strict=True):
                features_of_texts[index] = features
        return features_of_texts

    def _pieces(self, text: Text) -> list[list[int]]:
        """Return the tokens of the problem and of each step separately, to know the step ends."""
        parts = [f"Problem: {text.problem}\n\nSolution:\n\n", *(f"{s}\n\n" for s in text.steps)]
        tokens: list[list[int]] = self._tokenizer(parts, add_special_tokens=False)["input_ids"]
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
        # The token at index i was predicted at index i - 1.
        own = surprisal[start - 1 : end - 1]
        states.append(np.concatenate([hidden[end - 1], hidden[start:end].mean(0)]))
        surprised.append([own.mean(), own.max(), own.sum(), own[0], own[-1], len(own)])
    return StepFeatures(np.stack(states), np.array(surprised, dtype=np.float32))


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield indices of texts of similar length, at most BATCH_TOKENS per batch with padding."""
    batch: list[int] = []
    readable = (i for i, length in enumerate(lengths) if length <= MAX_TOKENS)
    for index in sorted(readable, key=lambda i: lengths[i]):
        if batch and (len(batch) + 1) * lengths[index] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
