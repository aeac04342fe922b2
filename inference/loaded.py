"""The backends that this worker process keeps loaded: the last one of each kind.

One and not more, since two large models may not fit a GPU together; one of each kind, since a
worker that also serves the checkers must not load its model again after each of them.
"""

import threading

import msgspec

from inference.backends import entry, load
from inference.backends.base import Backend, BackendError, Recipe

_kept: dict[str, tuple[bytes, Backend]] = {}
_lock = threading.Lock()  # the workers of models run their tasks in threads


class NotLoaded(BackendError):
    """The backend can't even start: another shard of the run would fare alike."""


def backend_of(recipe: Recipe) -> Backend:
    """The recipe's backend, loaded now unless it is the kind's last one. Raises NotLoaded."""
    key = msgspec.json.encode(recipe, order="deterministic")
    with _lock:
        try:
            kind = entry(recipe.backend).kind
            known, backend = _kept.get(kind, (b"", None))
            if backend is None or known != key:
                _kept.pop(kind, None)
                backend = None  # its memory is free before the next one asks for some
                backend = load(recipe)
                _kept[kind] = (key, backend)
        except BackendError as error:
            raise NotLoaded(str(error)) from error
        return backend


def forget(recipe: Recipe) -> None:
    """Drop a backend that went wrong, so that the next shard starts with a fresh one."""
    with _lock:
        _kept.pop(entry(recipe.backend).kind, None)
