"""PRMs through vLLM's pooling against the same models through transformers."""

import random
from pathlib import Path

import pytest

from inference.backends import load_backend
from inference.backends.interface import Finding, Recipe, TraceText
from inference.backends.prm.vllm_pooling import VllmPoolingBackend
from tests.vllm.shepherd import make_tiny_shepherd

pytestmark = [pytest.mark.vllm, pytest.mark.usefixtures("vllm_folder")]
FLOAT32 = {"dtype": "float32"}


@pytest.fixture(scope="module")
def pooling(vllm_folder: Path, tiny_prm: Path) -> VllmPoolingBackend:
    """Return the one server for the tests of this file."""
    return VllmPoolingBackend(Recipe("vllm-pooling", str(tiny_prm), parameters=FLOAT32))


def traces(count: int) -> list[TraceText]:
    dice = random.Random(3)
    return [
        TraceText(
            "".join(dice.choices("abc + ?", k=dice.randint(5, 60))),
            [
                "".join(dice.choices("xyz = 12", k=dice.randint(1, 30)))
                for _ in range(number % 7 + 1)
            ],
        )
        for number in range(count)
    ]


def scores_of(findings: list[Finding]) -> list[float]:
    return [score for finding in findings for score in finding.scores or []]


def through_transformers(folder: Path, given: list[TraceText]) -> list[Finding]:
    return load_backend(Recipe("qwen-prm", str(folder), parameters=FLOAT32)).judge(given)


def test_scores_equal_those_of_transformers(pooling: VllmPoolingBackend, tiny_prm: Path):
    given = traces(60)
    found = pooling.judge(given)
    expected = through_transformers(tiny_prm, given)
    assert scores_of(found) == pytest.approx(scores_of(expected), abs=1e-3)
    assert max(scores_of(found)) - min(scores_of(found)) > 0.3
    assert [f.earliest_error for f in found] == [f.earliest_error for f in expected]
    assert all(
        finding.tokens > len(trace.steps) for finding, trace in zip(found, given, strict=True)
    )


def test_what_has_no_score_says_why(pooling: VllmPoolingBackend):
    odd = [
        TraceText("Q", ["a<extra_0>b"]),
        TraceText("Q<extra_0>", ["a"]),
        TraceText("Q", ["long " * 200]),
        TraceText("Q", ["fine"]),
    ]
    found = pooling.judge(odd)
    assert [finding.failure for finding in found] == [
        "A step contains the text <extra_0>, with which the model separates steps.",
        "The number of <extra_0> tokens is not the number of steps.",
        "The trace is longer than the 512 tokens that the model reads.",
        "",
    ]
    assert pooling.device == "cpu"


def test_math_shepherd_on_vllm_gives_the_softmax_over_its_two_tokens(tmp_path: Path):
    folder = make_tiny_shepherd(tmp_path)
    parameters = FLOAT32 | {"form": "math-shepherd"}
    backend = VllmPoolingBackend(Recipe("vllm-pooling", str(folder), parameters=parameters))
    expected = load_backend(Recipe("math-shepherd-prm", str(folder), parameters=FLOAT32))
    given = traces(20)
    assert scores_of(backend.judge(given)) == pytest.approx(
        scores_of(expected.judge(given)), abs=1e-3
    )
