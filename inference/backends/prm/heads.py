"""The heads of process reward models, built out of a checkpoint's stored weights, in float32."""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn

from inference.backends.interface import BackendError
from inference.backends.prm.checkpoint_weights import read_weights


def linear_head(
    folder: Path, names: Sequence[str], *, labels: int, with_bias: bool = True
) -> nn.Sequential:
    """Return linear layers of these names with rectifiers between, and `labels` outputs."""
    weights = read_weights(folder, lambda name: name.startswith(tuple(names)))
    parts: list[nn.Module] = []
    for name in names:
        weight, bias = weights.get(f"{name}.weight"), weights.get(f"{name}.bias")
        if weight is None or (bias is None and with_bias):
            raise BackendError(
                f"The checkpoint in {folder} lacks {name}.weight or {name}.bias: "
                "it is no process reward model of this form."
            )
        layer = nn.Linear(weight.shape[1], weight.shape[0], bias=bias is not None)
        state = {"weight": weight.float()} | ({} if bias is None else {"bias": bias.float()})
        layer.load_state_dict(state)
        parts += [layer, nn.ReLU()]
        outputs = layer.out_features
    if outputs != labels:
        raise BackendError(
            f"The checkpoint in {folder} has {outputs} labels a step; a PRM of this form has "
            f"{labels}."
        )
    return nn.Sequential(*parts[:-1]).eval()


def has_weight(folder: Path, name: str) -> bool:
    return bool(read_weights(folder, lambda stored: stored == name))


def output_rows(folder: Path, tokens: Sequence[int]) -> torch.Tensor:
    """Return the rows of a language model's output for these tokens: (tokens, hidden size).

    A model that shares them with its input has them there. Of 100,000 logits two are wanted, so the
    others are never computed.
    """
    for name in ("lm_head.weight", "model.embed_tokens.weight"):
        found = read_weights(folder, lambda stored, name=name: stored == name)  # type: ignore[misc]
        if found:
            return found[name][list(tokens)].float()
    raise BackendError(f"The checkpoint in {folder} has no lm_head: it is no language model.")
