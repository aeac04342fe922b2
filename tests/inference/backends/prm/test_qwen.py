"""Qwen's process reward models against their card's way: one trace, no batch."""

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


def test_scores_equal_those_of_one_trace_at_a_time(folder: Path):
    given = traces(12)
    findings = backend(folder, batch_tokens=1200).judge(given)
    assert len(findings) == len(given)
    for finding, trace in zip(findings, given, strict=True):
        assert finding.scores == pytest.approx(scores_by_hand(folder, trace), abs=1e-4)


def test_the_scores_of_the_tiny_model_are_not_all_alike(folder: Path):
    scores = [s for finding in backend(folder).judge(traces(12)) for s in finding.scores or []]
    assert max(scores) - min(scores) > 0.3


def test_the_first_step_below_the_threshold_is_the_error(folder: Path):
    (scores,) = (f.scores for f in backend(folder).judge(traces(3)[2:]))
    lowest = min(scores)
    first = scores.index(lowest)
    assert backend(folder, threshold=lowest + 1e-6).judge(traces(3)[2:])[0].earliest_error == first
    assert backend(folder, threshold=lowest).judge(traces(3)[2:])[0].earliest_error == -1
    assert backend(folder, threshold=1.1).judge(traces(3)[2:])[0].earliest_error == 0


def test_a_token_classifier_is_read_as_well(tmp_path: Path):
    findings = backend(make_tiny_prm(tmp_path / "one", one_layer=True)).judge(traces(2))
    assert [len(f.scores or []) for f in findings] == [len(t.steps) for t in traces(2)]
