"""Finding a checkpoint's files, and reading single weights out of them.

No code that came with a checkpoint is ever run.
"""

import json
from collections.abc import Callable
from pathlib import Path

import torch
from huggingface_hub import snapshot_download
from safetensors import SafetensorError, safe_open

from inference.backends.base import BackendError

SINGLE = "model.safetensors"
INDEX = "model.safetensors.index.json"
# Weights, configuration and tokenizer; no Python, and no second copy of the weights.
WANTED = ["*.json", "*.safetensors", "*.txt", "*.jinja", "tokenizer.model"]


def folder_of(model: str, revision: str) -> Path:
    """The folder with the checkpoint: `model` itself, or its download from the hub.

    Raises BackendError for a folder without a checkpoint and a model that the hub does not give.
    """
    if not model:
        raise BackendError("The scorer names no model; give a folder or an id such as owner/name.")
    path = Path(model).expanduser()
    folder = path if path.is_dir() else _download(model, revision)
    for name in ("config.json", "tokenizer.json"):
        if not (folder / name).is_file():
            raise BackendError(f"The folder of the model {model!r} has no {name}.")
    if not (folder / SINGLE).is_file() and not (folder / INDEX).is_file():
        raise BackendError(f"The folder of the model {model!r} has no {SINGLE} and no {INDEX}.")
    return folder


def _download(model: str, revision: str) -> Path:
    if model.startswith(("/", ".", "~")) or model.count("/") != 1:
        raise BackendError(f"The worker has no folder {model!r}.")
    if not revision:
        raise BackendError(
            f"The model {model!r} of the hub needs a revision, best a commit: without one the same "
            "scorer would mean another model after the next upload."
        )
    try:
        return Path(snapshot_download(model, revision=revision, allow_patterns=WANTED))
    except (OSError, ValueError, RuntimeError) as error:
        # The hub's own errors are OSErrors, a wrong id a ValueError, a bad proxy a RuntimeError.
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise BackendError(
            f"The model {model!r} at revision {revision!r} is not on the worker and could not be "
            f"downloaded: {reason}"
        ) from error


def read_weights(folder: Path, wanted: Callable[[str], bool]) -> dict[str, torch.Tensor]:
    """The weights whose name `wanted` accepts, on the CPU, as they were stored."""
    weights: dict[str, torch.Tensor] = {}
    for file, names in _files_of(folder, wanted).items():
        try:
            with safe_open(file, framework="pt") as stored:
                weights |= {name: stored.get_tensor(name) for name in names or stored.keys()}
        except (OSError, SafetensorError) as error:
            raise BackendError(
                f"The weights in {file.name} can't be read; the file is missing or cut short."
            ) from error
    return {name: weight for name, weight in weights.items() if wanted(name)}


def _files_of(folder: Path, wanted: Callable[[str], bool]) -> dict[Path, list[str]]:
    """Which file holds which of the wanted weights; no names stand for all of the file's."""
    if not (folder / INDEX).is_file():
        return {folder / SINGLE: []}
    try:
        places = json.loads((folder / INDEX).read_text())["weight_map"].items()
    except (ValueError, KeyError, AttributeError) as error:
        raise BackendError(f"The checkpoint's {INDEX} has no readable weight_map.") from error
    files: dict[Path, list[str]] = {}
    for name, file in places:
        if wanted(name):
            files.setdefault(folder / file, []).append(name)
    return files
