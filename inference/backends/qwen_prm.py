"""Process reward models in the format of Qwen2.5-Math-PRM, through transformers.

The model reads a problem and its steps as a conversation with a separator token after every step;
two logits at each separator say whether the step is wrong or right. After the model card of
Qwen/Qwen2.5-Math-PRM-7B and "The Lessons of Developing Process Reward Models" (arXiv 2501.07301).
The card's own model class is remote code, so the head is built here: a decoder and a small
classifier. A token classifier with two labels is read as well.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import Qwen2Config, Qwen2Model

from inference.backends.base import BackendError, Finding, Recipe, TraceText
from inference.backends.checkpoints import read_weights
from inference.backends.model_folders import folder_of, refusing
from inference.backends.prm_texts import QwenText, finding_of
from inference.backends.token_batches import batches

logger = logging.getLogger(__name__)

RIGHT = 1  # the column of the two logits that stands for a right step
# Tokens in a padded batch. On a GPU the logits' activations of a 7B model take about 12 GB then.
TOKENS_ON_GPU = 32_768
TOKENS_ON_CPU = 4_096
SETTINGS = {"device", "dtype", "batch_tokens"}


class QwenPrmBackend:
    """A loaded model. `budget` is the number of tokens in a batch; running out of memory halves it
    for good.

    Parameters of the recipe: `device` (auto, cpu, cuda, cuda:1), `dtype` (auto, float32, bfloat16)
    and `batch_tokens`.
    """

    def __init__(self, recipe: Recipe) -> None:
        settings = dict(recipe.parameters or {})
        if unknown := settings.keys() - SETTINGS:
            raise BackendError(
                f"The backend qwen-prm has no parameter {min(unknown)!r}; "
                f"it has {', '.join(sorted(SETTINGS))}."
            )
        self.device = _device(settings.get("device", "auto"))
        self.dtype = _dtype(settings.get("dtype", "auto"), self.device)
        self.threshold = 0.5 if recipe.threshold is None else recipe.threshold
        default = TOKENS_ON_CPU if self.device.type == "cpu" else TOKENS_ON_GPU
        self.budget = int(settings.get("batch_tokens", default))
        folder = folder_of(recipe.model, recipe.revision)
        self.text = QwenText(folder)
        backbone = _backbone(folder, self.dtype)
        self.context: int = backbone.config.max_position_embeddings
        self.backbone: nn.Module = backbone.to(self.device).eval()
        self.head = _head(folder).to(self.device).eval()

    def judge(self, traces: Sequence[TraceText]) -> list[Finding]:
        """One finding a trace, in order."""
        findings: list[Finding | None] = [None] * len(traces)
        tokens = [self.text.tokens_of(trace) for trace in traces]
        usable = []
        for index, (trace, ids) in enumerate(zip(traces, tokens, strict=True)):
            if failure := self.text.unusable(trace, ids, self.context):
                findings[index] = Finding(None, failure=failure)
            else:
                usable.append(index)
        for index, scores in self._scores([tokens[i] for i in usable]):
            findings[usable[index]] = self._finding(scores)
        return [finding for finding in findings if finding is not None]

    def _scores(self, sequences: list[list[int]]) -> Iterator[tuple[int, list[float] | None]]:
        """Indices into `sequences` with their step scores; None where memory is too small for one
        sequence alone."""
        waiting = list(range(len(sequences)))
        while waiting:
            lengths = [len(sequences[i]) for i in waiting]
            batch = [waiting[i] for i in next(batches(lengths, self.budget))]
            scores: Sequence[list[float] | None] | None = self._try([sequences[i] for i in batch])
            if scores is None and len(batch) > 1:
                self._halve_budget(batch_cost=max(lengths) * len(batch))
                continue
            scores = scores or [None]
            yield from zip(batch, scores, strict=True)
            done = set(batch)
            waiting = [i for i in waiting if i not in done]

    def _try(self, sequences: list[list[int]]) -> list[list[float]] | None:
        """None when memory ran out. By the time that it returns, the failed batch is freed."""
        try:
            return self._forward(sequences)
        except RuntimeError as error:
            if not _out_of_memory(error):
                raise
            return None

    def _forward(self, sequences: list[list[int]]) -> list[list[float]]:
        longest = max(map(len, sequences))
        shape = (len(sequences), longest)
        ids = torch.full(shape, self.text.padding, dtype=torch.long)
        mask = torch.zeros(shape, dtype=torch.long)
        for row, sequence in enumerate(sequences):
            ids[row, : len(sequence)] = torch.tensor(sequence)
            mask[row, : len(sequence)] = 1
        at_separators = (ids == self.text.separator) & mask.bool()
        with torch.inference_mode():
            hidden = self.backbone(
                input_ids=ids.to(self.device),
                attention_mask=mask.to(self.device),
                use_cache=False,
            ).last_hidden_state  # (batch, longest, hidden size)
            # The head sees the separators alone, in float32: (separators of the batch, 2).
            logits = self.head(hidden[at_separators.to(self.device)].float())
            right = logits.softmax(dim=-1)[:, RIGHT].cpu()
        return [row.tolist() for row in right.split(at_separators.sum(dim=1).tolist())]

    def _halve_budget(self, batch_cost: int) -> None:
        self.budget = max(1, min(self.budget, batch_cost) // 2)
        logger.warning("Out of memory: batches have at most %s tokens from now on", self.budget)
        if self.device.type == "cuda":
            torch.cuda.empty_cache()

    def _finding(self, scores: list[float] | None) -> Finding:
        if scores is None:
            return Finding(None, failure="The trace alone takes more memory than the worker has.")
        return finding_of(scores, self.threshold)


def _device(name: str) -> torch.device:
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        return torch.empty(0, device=name).device
    except (RuntimeError, AssertionError) as error:
        raise BackendError(
            f"The worker has no device {name!r}; auto takes what is there."
        ) from error


def _dtype(name: str, device: torch.device) -> torch.dtype:
    if name == "auto":
        name = "float32" if device.type == "cpu" else "bfloat16"
    known = {"float32": torch.float32, "bfloat16": torch.bfloat16}
    if name not in known:
        raise BackendError(f"The dtype is {name!r}; write auto, float32 or bfloat16.")
    return known[name]


def _out_of_memory(error: RuntimeError) -> bool:
    """On a GPU it has a class of its own; on the CPU only the text tells."""
    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)


def _backbone(folder: Path, dtype: torch.dtype) -> Any:
    """The decoder without its head, a Qwen2Model."""
    with refusing(folder, "configuration"):
        model_type = json.loads((folder / "config.json").read_text()).get("model_type")
    if model_type != "qwen2":
        raise BackendError(
            f"The model in {folder} is of type {model_type!r}; this backend runs qwen2."
        )
    with refusing(folder, "model"):
        config = Qwen2Config.from_pretrained(folder)
        loaded: Any = Qwen2Model.from_pretrained(
            folder, config=config, dtype=dtype, use_safetensors=True, output_loading_info=True
        )
    model, report = loaded
    if missing := sorted(report["missing_keys"]):
        raise BackendError(
            f"The checkpoint in {folder} lacks {len(missing)} weights, such as {missing[0]}."
        )
    return model


def _head(folder: Path) -> nn.Module:
    """The classifier, in float32: two layers in a PRM, one in a token classifier."""
    weights = read_weights(folder, lambda name: name.startswith("score."))
    layers: list[nn.Module] = []
    for prefix in ("score.0", "score.2") if "score.0.weight" in weights else ("score",):
        weight, bias = weights.get(f"{prefix}.weight"), weights.get(f"{prefix}.bias")
        if weight is None or bias is None:
            raise BackendError(
                f"The checkpoint in {folder} lacks {prefix}.weight or {prefix}.bias: "
                "it is no process reward model."
            )
        layer = nn.Linear(weight.shape[1], weight.shape[0])
        layer.load_state_dict({"weight": weight.float(), "bias": bias.float()})
        layers += [layer, nn.ReLU()]
        labels = layer.out_features
    if labels != 2:
        raise BackendError(f"The checkpoint in {folder} has {labels} labels a step; a PRM has two.")
    return nn.Sequential(*layers[:-1])
