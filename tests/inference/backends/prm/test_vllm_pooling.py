"""Scores from a pooling endpoint, with a server that answers as vLLM does."""

from pathlib import Path
from typing import Any

import pytest

from inference.backends.interface import BackendError, Recipe, TraceText
from inference.backends.prm.vllm_pooling import VllmPoolingBackend, pooling_parameters
from tests.openai_server import Answer, serving
from tests.tiny_models import make_tiny_prm

TRACE = TraceText("abc?", ["xyz", "12"])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MISSTEP_ENDPOINTS", "127.0.0.1")
    return make_tiny_prm(tmp_path / "prm")


def models(folder: Path, **fields: Any) -> Answer:
    return Answer({"data": [{"id": str(folder), **fields}]})


def rows(*scores: Any) -> Answer:
    return Answer({"data": [{"data": [[1 - s, s] if isinstance(s, float) else s for s in scores]}]})


def finding_for(folder: Path, answer: Answer):
    with serving(answer, models=models(folder, max_model_len=512)) as server:
        parameters = {"endpoint": server.url, "patience": 0.0}
        judge = VllmPoolingBackend(Recipe("vllm-pooling", str(folder), parameters=parameters))
        (finding,) = judge.judge([TRACE])
        judge.close()
        assert server.asked[0]["task"] == "token_classify"
    return finding


def test_the_last_number_of_each_row_is_the_steps_score(folder: Path):
    finding = finding_for(folder, rows(0.9, 0.2))
    assert finding.scores == [0.9, 0.2]
    assert finding.earliest_error == 1
    assert finding.tokens > 0


@pytest.mark.parametrize(
    "answer", [rows(0.9), rows(0.9, [0.5]), rows(0.9, [0.1, 7]), Answer({"data": []})]
)
def test_an_answer_of_another_form_is_a_failure(folder: Path, answer: Answer):
    finding = finding_for(folder, answer)
    assert finding.earliest_error is None
    assert finding.failure == "The server's answer does not have one score for each step."


def test_an_endpoint_that_hides_its_context_is_refused(folder: Path):
    with (
        serving(rows(0.9), models=models(folder)) as server,
        pytest.raises(BackendError, match="how many tokens its model reads"),
    ):
        recipe = Recipe("vllm-pooling", str(folder), parameters={"endpoint": server.url})
        VllmPoolingBackend(recipe)


def test_without_an_endpoint_the_worker_serves_the_model():
    parameters = pooling_parameters(Recipe("vllm-pooling", "m"))
    assert (parameters["serve"], parameters["endpoint"], parameters["form"]) == ("vllm", "", "qwen")
