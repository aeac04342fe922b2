"""Parameters of a recipe, checked and complete."""

import json
from typing import Any

import pytest

from inference.backends.critic.options import critic_parameters
from inference.backends.interface import BackendError, Recipe


def complete(**parameters: Any) -> dict[str, Any]:
    known = {"endpoint": "http://host:8000/v1", **parameters}
    return critic_parameters(Recipe("critic", "m", parameters=known))


def test_a_recipe_is_written_out_and_fits_json():
    found = complete()
    assert (found["temperature"], found["seed"], found["max_tokens"]) == (0.0, 42, 8192)
    assert (found["samples"], found["parse"], found["structured"]) == (1, "paper", "none")
    assert "{tagged_response}" in found["prompt"]
    assert json.loads(json.dumps(found)) == found


def test_one_number_written_in_two_ways_is_one_recipe():
    assert complete(temperature=0) == complete(temperature=0.0) == complete()


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"endpoint": "host"}, "is not an endpoint"),
        ({"endpoint": ""}, "name either an endpoint"),
        ({"temprature": 1}, "unknown field `temprature`"),
        ({"samples": 0}, "`samples`"),
        ({"samples": 8}, "At temperature 0 all 8 samples are the same"),
        ({"temperature": "hot"}, "`temperature`"),
        ({"top_p": 0}, "`top_p`"),
        ({"parse": "kindly"}, "`parse`"),
        ({"api_key_env": "sk-1234"}, "never the key itself"),
        ({"api_key_env": "DATABASE_URL"}, "begins with MISSTEP_KEY_"),
        ({"extra_body": {"messages": []}}, "extra_body can't set 'messages'"),
        ({"prompt": "{x}"}, "a place for 'x'"),
        ({"system": "a\0b"}, "U\\+0000"),
    ],
)
def test_a_parameter_that_cannot_be_is_a_sentence(parameters: dict[str, Any], said: str):
    with pytest.raises(BackendError, match=said):
        complete(**parameters)


def test_parameters_that_are_no_object_are_a_sentence():
    with pytest.raises(BackendError, match="can't be used"):
        critic_parameters(Recipe("critic", "m", parameters=[1]))
