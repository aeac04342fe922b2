"""Parameters of process reward models are checked."""

import pytest

from inference.backends import load_backend
from inference.backends.interface import BackendError, Recipe


def refusal(recipe: Recipe) -> str:
    with pytest.raises(BackendError) as caught:
        load_backend(recipe)
    return str(caught.value)


def test_an_unknown_parameter_is_a_sentence():
    said = refusal(Recipe("qwen-prm", "x", parameters={"temperature": 1}))
    assert said.startswith("The parameters of the backend 'qwen-prm' can't be used: ")
    assert "unknown field `temperature`. It has batch_tokens, device, dtype, system." in said
