"""The base class of process reward models that run in this process, through transformers.

A model of this kind reads a problem and its steps once, and says at one token of each step how
likely the step is right. A family is one file in this folder: how the text is made and at which
tokens scores are read, which decoder and which head the checkpoint holds, and the threshold.

No code that came with a checkpoint is ever run: decoders are those of transformers, and heads are
built here from the stored weights.
"""

import json
import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import torch
import transformers
from torch import nn

from inference.backends.cancellation import check_cancelled
from inference.backends.interface import BackendError, Finding, Recipe, TraceText
from inference.backends.prm.inputs import finding_from_scores
from inference.backends.prm.model_folders import as_backend_error, resolve_model_folder
from inference.backends.prm.options import prm_options
from inference.backends.prm.token_batches import batches
from inference.backends.vllm.servers import stop_unused

logger = logging.getLogger(__name__)

# Tokens in a padded batch. On a GPU the activations of a 7B model take about 12 GB then.
TOKENS_ON_GPU = 32_768
# One trace of some length keeps a CPU busy; a larger batch only leaves its caches.
TOKENS_ON_CPU = 256
# Of traces of like length hardly anything is padding. With batches of a few it is a hundredth
# already among this many; on a GPU a window takes the whole shard.
WINDOW_ON_CPU = 16

# The decoders that open PRMs are built on, by the model type of their configuration.
DECODERS = {
    "llama": ("LlamaConfig", "LlamaModel"),
    "mistral": ("MistralConfig", "MistralModel"),
    "qwen2": ("Qwen2Config", "Qwen2Model"),
    "qwen3": ("Qwen3Config", "Qwen3Model"),
}

Head = Callable[[torch.Tensor], torch.Tensor]


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the model reads of one trace, and the token of each step at which its score is read."""

    ids: Sequence[int]
    places: Sequence[int]


class PrmBackend(ABC):
    """A loaded model.

    `budget` is the number of tokens in a batch; running out of memory halves it permanently.
    `options` are the recipe's parameters: those of every family, or the family's own of
    `prm_options`.
    """

    threshold: float = 0.5
    model_types: ClassVar[Sequence[str]] = tuple(DECODERS)

    def __init__(self, recipe: Recipe) -> None:
        self.options: Any = prm_options(recipe)
        self.device = _device(self.options.device)
        if self.device.type == "cuda":
            stop_unused()  # an idle vLLM server of this worker would keep the GPU's memory
        self.dtype = _dtype(self.options.dtype, self.device)
        if recipe.threshold is not None:
            self.threshold = recipe.threshold
        default = TOKENS_ON_CPU if self.device.type == "cpu" else TOKENS_ON_GPU
        self.budget: int = self.options.batch_tokens or default
        self.window = WINDOW_ON_CPU if self.device.type == "cpu" else None
        folder = resolve_model_folder(recipe.model, recipe.revision)
        self.padding = self.read_text(folder)
        backbone = decoder(folder, self.dtype, self.model_types)
        self.context: int = backbone.config.max_position_embeddings
        self.backbone: nn.Module = backbone.to(self.device).eval()
        self.head: Head = self.read_head(folder)

    @abstractmethod
    def read_text(self, folder: Path) -> int:
        """Load the tokenizer. Return the id of a padding token."""

    @abstractmethod
    def read_head(self, folder: Path) -> Head:
        """Return the head, a function from hidden states to scores.

        The states are (n, hidden size), float32 and on the device; there are n scores.
        """

    @abstractmethod
    def prepare(self, trace: TraceText) -> Prepared | str:
        """Return the model's input, or a sentence saying why it can't judge this trace."""

    def judge(self, traces: Sequence[TraceText]) -> list[Finding]:
        """Return one finding a trace, in order."""
        findings: list[Finding | None] = [None] * len(traces)
        usable: list[tuple[int, Prepared]] = []
        for index, trace in enumerate(traces):
            prepared = self._prepared(trace)
            if isinstance(prepared, str):
                findings[index] = Finding(None, failure=prepared)
            else:
                usable.append((index, prepared))
        for place, scores in self._scores([prepared for _, prepared in usable]):
            index, prepared = usable[place]
            findings[index] = self._finding(scores, tokens=len(prepared.ids))
        return [finding for finding in findings if finding is not None]

    def close(self) -> None:
        """Free the GPU's memory."""
        del self.backbone, self.head
        if self.device.type == "cuda":
            torch.cuda.empty_cache()

    def _prepared(self, trace: TraceText) -> Prepared | str:
        prepared = self.prepare(trace)
        if isinstance(prepared, str):
            return prepared
        if len(prepared.places) != len(trace.steps):
            return (
                f"The model would give {len(prepared.places)} scores for {len(trace.steps)} steps: "
                "a separator is in the text."
            )
        if len(prepared.ids) > self.context:
            return f"The trace is longer than the {self.context} tokens that the model reads."
        return prepared

    def _scores(self, prepared: list[Prepared]) -> Iterator[tuple[int, list[float] | None]]:
        """Yield indices into `prepared` with their step scores.

        The scores are None for a trace that is too large for the memory alone.
        """
        waiting = list(range(len(prepared)))
        while waiting:
            check_cancelled()
            lengths = [len(prepared[i].ids) for i in waiting]
            batch = [waiting[i] for i in next(batches(lengths, self.budget))]
            scores: Sequence[list[float] | None] | None = self._try([prepared[i] for i in batch])
            if scores is None and len(batch) > 1:
                self._halve_budget(batch_cost=max(lengths) * len(batch))
                continue
            scores = scores or [None]
            yield from zip(batch, scores, strict=True)
            done = set(batch)
            waiting = [i for i in waiting if i not in done]

    def _try(self, batch: list[Prepared]) -> list[list[float]] | None:
        """Return the batch's scores, or None after memory ran out; the batch is freed by then."""
        try:
            return self._forward(batch)
        except RuntimeError as error:
            if not _out_of_memory(error):
                raise
            return None

    def _forward(self, batch: list[Prepared]) -> list[list[float]]:
        shape = (len(batch), max(len(one.ids) for one in batch))
        ids = torch.full(shape, self.padding, dtype=torch.long)
        for row, one in enumerate(batch):
            ids[row, : len(one.ids)] = torch.tensor(one.ids)
        # By row and place rather than by a mask: an empty step may end where the one before ends.
        rows = torch.tensor([row for row, one in enumerate(batch) for _ in one.places])
        places = torch.tensor([place for one in batch for place in one.places])
        with torch.inference_mode():
            # Padding is on the right, where causal attention never looks: without a mask the
            # scores are the same and the kernels the quickest.
            hidden = self.backbone(
                input_ids=ids.to(self.device), use_cache=False
            ).last_hidden_state  # (batch, longest, hidden size)
            # The head sees the asked tokens alone, in float32: (steps of the batch, hidden size).
            asked = hidden[rows.to(self.device), places.to(self.device)]
            scores = self.head(asked.float()).cpu()
        return [row.tolist() for row in scores.split([len(one.places) for one in batch])]

    def _halve_budget(self, batch_cost: int) -> None:
        self.budget = max(1, min(self.budget, batch_cost) // 2)
        logger.warning("Out of memory: batches have at most %s tokens from now on", self.budget)
        if self.device.type == "cuda":
            torch.cuda.empty_cache()

    def _finding(self, scores: list[float] | None, tokens: int) -> Finding:
        if scores is None:
            return Finding(None, failure="The trace alone takes more memory than the worker has.")
        found = finding_from_scores(scores, self.threshold)
        return Finding(found.earliest_error, scores=found.scores, tokens=tokens)


def decoder(folder: Path, dtype: torch.dtype, model_types: Sequence[str]) -> Any:
    """Return the decoder without its head.

    Raises BackendError for another architecture and for missing weights.
    """
    with as_backend_error(folder, "configuration"):
        model_type = json.loads((folder / "config.json").read_text()).get("model_type")
    if model_type not in model_types:
        raise BackendError(
            f"The model in {folder} is of type {model_type!r}; "
            f"this backend runs {', '.join(model_types)}."
        )
    config_class, model_class = (getattr(transformers, name) for name in DECODERS[model_type])
    with as_backend_error(folder, "model"):
        config = config_class.from_pretrained(folder)
        loaded: Any = model_class.from_pretrained(
            folder, config=config, dtype=dtype, use_safetensors=True, output_loading_info=True
        )
    model, report = loaded
    if missing := sorted(report["missing_keys"]):
        raise BackendError(
            f"The checkpoint in {folder} lacks {len(missing)} weights, such as {missing[0]}."
        )
    return model


def _device(name: str) -> torch.device:
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        return torch.empty(0, device=name).device
    except (RuntimeError, AssertionError) as error:
        raise BackendError(
            f"The worker has no device {name!r}. Use auto to take an available one."
        ) from error


def _dtype(name: str, device: torch.device) -> torch.dtype:
    if name == "auto":
        name = "float32" if device.type == "cpu" else "bfloat16"
    return {"float32": torch.float32, "bfloat16": torch.bfloat16}[name]


def _out_of_memory(error: RuntimeError) -> bool:
    """Return whether memory ran out: a class of its own on a GPU, only a text on the CPU."""
    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)
