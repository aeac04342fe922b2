"""Finding the folder with a model's files, on the disk or on the Hugging Face hub."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from huggingface_hub import snapshot_download

from inference.backends.interface import BackendError

SINGLE = "model.safetensors"
INDEX = "model.safetensors.index.json"
# Configuration and tokenizer; no Python.
TEXTS = ["*.json", "*.txt", "*.jinja", "tokenizer.model"]
# And the weights, in one form.
WANTED = [*TEXTS, "*.safetensors"]


def resolve_model_folder(model: str, revision: str, *, weights: bool = True) -> Path:
    """Return the folder with the checkpoint: `model` itself, or its download from the hub.

    Without `weights`, configuration and tokenizer are enough. Raises BackendError for a folder
    without a checkpoint and a model that the hub does not give.
    """
    if not model:
        raise BackendError("The scorer has no model. Give a folder or an ID such as owner/name.")
    path = Path(model).expanduser()
    folder = path if path.is_dir() else _download(model, revision, WANTED if weights else TEXTS)
    for name in ("config.json", "tokenizer.json"):
        if not (folder / name).is_file():
            raise BackendError(f"The folder of the model {model!r} has no {name}.")
    if weights and not (folder / SINGLE).is_file() and not (folder / INDEX).is_file():
        raise BackendError(f"The folder of the model {model!r} has no {SINGLE} and no {INDEX}.")
    return folder


def _download(model: str, revision: str, wanted: list[str]) -> Path:
    if model.startswith(("/", ".", "~")) or model.count("/") != 1:
        raise BackendError(f"The worker has no folder {model!r}.")
    if not revision:
        raise BackendError(
            f"The model {model!r} of the hub needs a revision, best a commit: without one the same "
            "scorer would mean another model after the next upload."
        )
    try:
        return Path(snapshot_download(model, revision=revision, allow_patterns=wanted))
    except (OSError, ValueError, RuntimeError) as error:
        # The hub's own errors are OSErrors, a wrong id a ValueError, a bad proxy a RuntimeError.
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise BackendError(
            f"The model {model!r} at revision {revision!r} is not on the worker and could not be "
            f"downloaded: {reason}"
        ) from error


@contextmanager
def as_backend_error(folder: Path, what: str) -> Iterator[None]:
    """Turn any library's error about a broken file in the folder into one BackendError."""
    try:
        yield
    except Exception as error:  # each library has its own, and tokenizers raises the bare one
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise BackendError(f"The {what} in {folder} can't be loaded: {reason}") from error
