"""Heads are built from stored weights."""

from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from inference.backends import load_backend
from inference.backends.interface import BackendError, Recipe
from tests.tiny_models import make_tiny_prm


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_prm(tmp_path_factory.mktemp("prm"))


def refusal(recipe: Recipe) -> str:
    with pytest.raises(BackendError) as caught:
        load_backend(recipe)
    return str(caught.value)


def test_missing_weights_are_a_sentence(tmp_path: Path):
    folder = make_tiny_prm(tmp_path / "prm")
    weights = load_file(folder / "model.safetensors")
    backbone = {k: v for k, v in weights.items() if not k.startswith("score.")}
    save_file(backbone, folder / "model.safetensors", metadata={"format": "pt"})
    assert "it is no process reward model" in refusal(Recipe("qwen-prm", str(folder)))
    del weights["model.layers.1.mlp.up_proj.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    assert "lacks 1 weights, such as layers.1.mlp.up_proj.weight" in refusal(
        Recipe("qwen-prm", str(folder))
    )
