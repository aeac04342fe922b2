"""Servers that can't start, and one whose scorer goes."""

import json
from pathlib import Path

import pytest

from inference.backends import load_backend
from inference.backends.interface import BackendError, Recipe
from tests.tiny_models import make_tiny_language_model

pytestmark = [pytest.mark.vllm, pytest.mark.usefixtures("vllm_folder")]


def refusal(model: str, revision: str = "", **parameters: object) -> str:
    recipe = Recipe("critic", model, revision, parameters={"serve": "vllm"} | parameters)
    with pytest.raises(BackendError) as caught:
        load_backend(recipe)
    return str(caught.value)


def test_a_wrong_model_is_a_sentence_before_a_server_starts(vllm_folder: Path):
    before = sorted(vllm_folder.glob("server-*.log"))
    assert refusal("/no/such/model") == "The worker has no folder '/no/such/model'."
    assert "needs a revision" in refusal("owner/name")
    assert sorted(vllm_folder.glob("server-*.log")) == before


def test_a_model_that_vllm_does_not_know_is_a_sentence_with_its_words(tmp_path: Path):
    folder = make_tiny_language_model(tmp_path)
    config = json.loads((folder / "config.json").read_text())
    config["architectures"] = ["AbacusForCausalLM"]
    (folder / "config.json").write_text(json.dumps(config))
    said = refusal(str(folder))
    assert said.startswith(f"The vLLM server of {folder} ended while it was starting: ")
    assert "AbacusForCausalLM" in said


def test_a_server_that_takes_too_long_is_ended_and_says_so(
    tiny_language_model: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MISSTEP_VLLM_START_SECONDS", "0.5")
    said = refusal(str(tiny_language_model))
    assert "was not ready after 0.5 seconds (MISSTEP_VLLM_START_SECONDS allows more)" in said
