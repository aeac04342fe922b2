"""A model's folder is found, or a sentence says why not."""

from pathlib import Path

import pytest

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


def test_a_wrong_path_is_a_sentence():
    assert (
        refusal(Recipe("qwen-prm", "/no/such/model"))
        == "The worker has no folder '/no/such/model'."
    )
    assert "has no model" in refusal(Recipe("qwen-prm"))


def test_a_hub_model_without_revision_is_a_sentence():
    assert "needs a revision" in refusal(Recipe("qwen-prm", "owner/model"))


def test_a_hub_model_that_cannot_be_had_is_a_sentence(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    said = refusal(Recipe("qwen-prm", "no-such-owner/model", "0" * 40))
    assert "could not be downloaded" in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ("config.json", "has no config.json"),
        ("tokenizer.json", "has no tokenizer.json"),
        ("model.safetensors", "has no model.safetensors"),
    ],
)
def test_a_missing_file_is_a_sentence(tmp_path: Path, missing: str, said: str):
    folder = make_tiny_prm(tmp_path / "prm")
    (folder / missing).unlink()
    assert said in refusal(Recipe("qwen-prm", str(folder)))
