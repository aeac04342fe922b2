"""A critic's parameters are checked and completed."""

from typing import Any

import pytest

from inference.backends.critic.options import critic_options, critic_parameters
from inference.backends.critic.prompts import DEFAULT
from inference.backends.critic.second_thought import MISTAKES
from inference.backends.interface import BackendError, Recipe

ENDPOINT = {"endpoint": "https://models.example/v1"}


def recipe(**parameters: Any) -> Recipe:
    return Recipe("critic", "m", parameters=ENDPOINT | parameters)


def test_defaults_are_written_out():
    parameters = critic_parameters(recipe())
    assert parameters["prompt"] == DEFAULT
    assert (parameters["parse"], parameters["rethink"], parameters["mistakes"]) == ("paper", 0, "")


def test_rethinking_has_a_list_of_mistakes():
    assert critic_options(recipe(rethink=2)).mistakes == MISTAKES
    assert critic_options(recipe(rethink=2, mistakes="mine")).mistakes == "mine"
    with pytest.raises(BackendError, match="set rethink to 1"):
        critic_options(recipe(mistakes="mine"))


def test_a_prompt_without_its_places_is_refused():
    with pytest.raises(BackendError, match="no place for"):
        critic_options(recipe(prompt="{problem}"))
