"""A worker keeps one model and one program loaded."""

import pytest

from inference.backends.interface import BackendError, Recipe
from inference.workers import model_cache
from inference.workers.model_cache import (
    NotLoaded,
    loaded_backend,
    loaded_scorer_ids,
    unload,
    unload_all,
)
from tests.inference.scripted import ScriptedBackend

pytestmark = pytest.mark.usefixtures("scripted")

PLAIN, OTHER = Recipe("scripted", "plain"), Recipe("scripted", "other")
PROGRAM = Recipe("arithmetic", revision="1")


def test_a_model_is_loaded_once_and_replaced_by_another():
    for _ in range(2):
        with loaded_backend(PLAIN, 7):
            pass
    assert (ScriptedBackend.loads, loaded_scorer_ids()) == (1, [7])
    with loaded_backend(OTHER, 8):
        pass
    assert (ScriptedBackend.loads, loaded_scorer_ids()) == (2, [8])


def test_a_program_leaves_the_model_loaded():
    with loaded_backend(PLAIN, 7):
        pass
    with loaded_backend(PROGRAM, 9):
        pass
    assert loaded_scorer_ids() == [7]


def test_a_backend_that_failed_is_loaded_again():
    with pytest.raises(BackendError), loaded_backend(PLAIN, 7):
        raise BackendError("gone")
    assert loaded_scorer_ids() == []
    with loaded_backend(PLAIN, 7):
        pass
    assert ScriptedBackend.loads == 2


def test_a_model_that_is_not_there_is_told_apart():
    for recipe in (Recipe("scripted", "absent"), Recipe("no-such-backend")):
        with pytest.raises(NotLoaded), loaded_backend(recipe):
            pass
    assert model_cache.loaded_scorer_ids() == []


def test_unloading():
    with loaded_backend(PLAIN, 7):
        unload(PLAIN)  # in use
        assert loaded_scorer_ids() == [7]
    unload(OTHER)
    assert loaded_scorer_ids() == [7]
    unload(PLAIN)
    assert loaded_scorer_ids() == []
    with loaded_backend(PLAIN, 7):
        pass
    unload_all()
    assert loaded_scorer_ids() == []
