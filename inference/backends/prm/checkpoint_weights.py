"""Reading single weights out of a checkpoint.

No code that came with a checkpoint is ever run.
"""

import json
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open

from inference.backends.interface import BackendError
from inference.backends.prm.model_folders import INDEX, SINGLE


def read_weights(folder: Path, wanted: Callable[[str], bool]) -> dict[str, torch.Tensor]:
    """Return the weights whose name `wanted` accepts, on the CPU, as they were stored."""
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
    """Return the wanted weights' names by file; an empty list means all of the file's."""
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
