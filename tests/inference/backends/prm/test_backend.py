"""Batches, memory, architectures and devices of process reward models."""

import json
import random
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch.nn import functional
from transformers import Qwen2Config, Qwen2Model

from inference.backends import load_backend
from inference.backends.interface import BackendError, Recipe, TraceText
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


class ShortOfMemory(torch.nn.Module):
    """The real model on a device that holds so many tokens and no more."""

    def __init__(self, model: torch.nn.Module, tokens: int) -> None:
        super().__init__()
        self.model, self.tokens, self.refusals = model, tokens, 0

    def forward(self, input_ids: torch.Tensor, **rest: object) -> object:
        if input_ids.numel() > self.tokens:
            self.refusals += 1
            raise torch.OutOfMemoryError("out of memory")
        return self.model(input_ids=input_ids, **rest)


def test_out_of_memory_makes_smaller_batches_and_stays_there(folder: Path):
    short = backend(folder, batch_tokens=4000)
    expected = [f.scores for f in short.judge(traces(12))]
    short.backbone = memory = ShortOfMemory(short.backbone, 900)
    found = [f.scores for f in short.judge(traces(12))]
    assert memory.refusals > 0
    assert short.budget <= 900
    for one, other in zip(found, expected, strict=True):
        assert one == pytest.approx(other, abs=1e-4)
    memory.refusals = 0
    short.judge(traces(12))
    assert memory.refusals == 0


def test_a_trace_too_large_for_memory_alone_is_a_failure(folder: Path):
    short = backend(folder)
    short.backbone = ShortOfMemory(short.backbone, 250)
    small, large = TraceText("a", ["b"]), TraceText("a", ["b" * 200])
    findings = short.judge([large, small])
    assert "more memory than the worker has" in findings[0].failure
    assert findings[1].scores == pytest.approx(scores_by_hand(folder, small), abs=1e-4)


def test_no_traces_give_no_findings(folder: Path):
    assert backend(folder).judge([]) == []


def refusal(recipe: Recipe) -> str:
    with pytest.raises(BackendError) as caught:
        load_backend(recipe)
    return str(caught.value)


def test_another_architecture_is_a_sentence(tmp_path: Path):
    folder = make_tiny_prm(tmp_path / "prm")
    config = json.loads((folder / "config.json").read_text()) | {"model_type": "llama"}
    (folder / "config.json").write_text(json.dumps(config))
    assert "of type 'llama'" in refusal(Recipe("qwen-prm", str(folder)))


def test_an_unknown_device_is_a_sentence():
    said = refusal(Recipe("qwen-prm", "x", parameters={"device": "abacus"}))
    assert "no device 'abacus'" in said
