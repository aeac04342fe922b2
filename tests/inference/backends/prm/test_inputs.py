"""Traces that a model can't read are failures with a reason."""

import random
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch.nn import functional
from transformers import Qwen2Config, Qwen2Model

from inference.backends.interface import Recipe, TraceText
from inference.backends.prm.qwen import QwenPrmBackend
from tests.tiny_models import make_tiny_prm, make_tokenizer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_prm(tmp_path_factory.mktemp("prm"))


def backend(folder: Path, threshold: float | None = 0.5, **parameters: object) -> QwenPrmBackend:
    return QwenPrmBackend(
        Recipe("qwen-prm", str(folder), "1", threshold, {"device": "cpu", **parameters})
    )


def traces(count: int) -> list[TraceText]:
    """Return traces of 60 to 400 tokens, in no order."""
    letters = random.Random(7)
    return [
        TraceText(
            problem="".join(letters.choices("abc +", k=letters.randint(5, 60))),
            steps=[
                "".join(letters.choices("xyz = 12", k=letters.randint(1, 40)))
                for _ in range(letters.randint(1, 7))
            ],
        )
        for _ in range(count)
    ]


def scores_by_hand(folder: Path, trace: TraceText) -> list[float]:
    """Return scores by the written-out template, without batches, the head as two products."""
    text = (
        "<|im_start|>system\nPlease reason step by step, and put your final answer within "
        f"\\boxed{{}}.<|im_end|>\n<|im_start|>user\n{trace.problem}<|im_end|>\n"
        "<|im_start|>assistant\n"
        + "".join(f"{step}<extra_0>" for step in trace.steps)
        + "<|im_end|>\n"
    )
    tokenizer = make_tokenizer()
    ids = torch.tensor([tokenizer(text)["input_ids"]])
    weights = load_file(folder / "model.safetensors")
    model = Qwen2Model(Qwen2Config.from_pretrained(folder)).eval()
    model.load_state_dict(
        {k.removeprefix("model."): v for k, v in weights.items() if k.startswith("model.")}
    )
    with torch.no_grad():
        hidden = model(input_ids=ids).last_hidden_state[0]
        inner = functional.relu(hidden @ weights["score.0.weight"].T + weights["score.0.bias"])
        logits = inner @ weights["score.2.weight"].T + weights["score.2.bias"]
    right = functional.softmax(logits, dim=-1)[:, 1]
    return right[ids[0] == tokenizer.convert_tokens_to_ids("<extra_0>")].tolist()


def test_a_step_with_the_separator_is_a_failure_and_its_neighbours_are_not(folder: Path):
    good = traces(2)
    bad = TraceText("What?", ["One <extra_0> two.", "Three."])
    findings = backend(folder).judge([good[0], bad, good[1]])
    assert findings[1].earliest_error is None
    assert findings[1].scores is None
    assert "A step contains the text <extra_0>" in findings[1].failure
    assert findings[0].scores == pytest.approx(scores_by_hand(folder, good[0]), abs=1e-4)
    assert findings[2].scores == pytest.approx(scores_by_hand(folder, good[1]), abs=1e-4)


def test_a_problem_with_the_separator_is_a_failure(folder: Path):
    (finding,) = backend(folder).judge([TraceText("What is <extra_0>?", ["One."])])
    assert finding.earliest_error is None
    assert "not the number of steps" in finding.failure


def test_a_trace_over_the_context_is_a_failure(folder: Path):
    (finding,) = backend(folder).judge([TraceText("What?", ["x" * 600])])
    assert finding.earliest_error is None
    assert finding.failure == "The trace is longer than the 512 tokens that the model reads."
