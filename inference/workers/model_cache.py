"""The backends that this worker process keeps loaded: one with a model, and one program.

Only one model, since two large ones may not fit a GPU together: scorers share it one after another.
A program is kept next to it, so that a worker that also serves the checkers does not load its model
again after each of them.
"""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from inference.backends import get_entry, load_backend
from inference.backends.interface import Backend, BackendError, Recipe


class NotLoaded(BackendError):
    """The backend can't even start: another shard of the run would fare alike."""


@dataclass(slots=True)
class Slot:
    """What is loaded there, and how many threads have it judge at this moment."""

    key: bytes = b""
    scorer_id: int | None = None
    backend: Backend | None = None
    users: int = 0
    failed: bool = False
    changed: threading.Condition = field(default_factory=threading.Condition)

    def clear(self) -> None:
        """Drop the backend; its memory is free before the next one needs it."""
        backend, self.backend = self.backend, None
        self.key, self.scorer_id, self.failed = b"", None, False
        close = getattr(backend, "close", None)
        if close is not None:
            close()


_model, _program = Slot(), Slot()


@contextlib.contextmanager
def loaded_backend(recipe: Recipe, scorer_id: int | None = None) -> Iterator[Backend]:
    """Yield the recipe's backend, loaded if needed; others wait until it is out of use.

    Raises NotLoaded. A BackendError out of the block drops the backend, so that the next shard
    starts with a fresh one.
    """
    place = _slot(recipe)
    backend = _enter(place, recipe, scorer_id)
    try:
        yield backend
    except BackendError:
        place.failed = True
        raise
    finally:
        with place.changed:
            place.users -= 1
            if place.failed and not place.users:
                place.clear()
            place.changed.notify_all()


def loaded_scorer_ids() -> list[int]:
    """Return the scorers whose models are loaded; programs don't count, they load at once."""
    return [] if _model.scorer_id is None else [_model.scorer_id]


def unload(recipe: Recipe) -> None:
    """Drop the recipe's backend, if it is loaded and out of use."""
    place = _slot(recipe)
    with place.changed:
        if not place.users and place.key == _key(recipe):
            place.clear()


def unload_all() -> None:
    """Drop everything: the worker ends."""
    for place in (_model, _program):
        with place.changed:
            place.clear()


def _enter(place: Slot, recipe: Recipe, scorer_id: int | None) -> Backend:
    key = _key(recipe)
    with place.changed:
        place.changed.wait_for(lambda: not place.users or (place.key == key and not place.failed))
        if place.backend is None or place.key != key:
            place.clear()
            try:
                place.backend = load_backend(recipe)
            except BackendError as error:
                raise NotLoaded(str(error)) from error
            place.key, place.scorer_id = key, scorer_id
        place.users += 1
        return place.backend


def _slot(recipe: Recipe) -> Slot:
    try:
        return _model if get_entry(recipe.backend).needs_model else _program
    except BackendError as error:
        raise NotLoaded(str(error)) from error


def _key(recipe: Recipe) -> bytes:
    return msgspec.json.encode(recipe, order="deterministic")
