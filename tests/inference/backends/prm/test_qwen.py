"""The backend against the same computation done one trace at a time, and its refusals."""

import json
import random
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
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


def test_a_sharded_checkpoint_scores_alike(folder: Path, tmp_path: Path):
    sharded = make_tiny_prm(tmp_path / "sharded", sharded=True)
    alike = zip(backend(sharded).judge(traces(4)), backend(folder).judge(traces(4)), strict=True)
    for one, other in alike:
        assert one.scores == pytest.approx(other.scores, abs=1e-6)


def test_a_token_classifier_is_read_as_well(tmp_path: Path):
    findings = backend(make_tiny_prm(tmp_path / "one", one_layer=True)).judge(traces(2))
    assert [len(f.scores or []) for f in findings] == [len(t.steps) for t in traces(2)]


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


def test_a_file_cut_short_is_a_sentence(tmp_path: Path):
    folder = make_tiny_prm(tmp_path / "prm")
    whole = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(whole[:1000])
    assert "can't be" in refusal(Recipe("qwen-prm", str(folder)))


def test_another_architecture_is_a_sentence(tmp_path: Path):
    folder = make_tiny_prm(tmp_path / "prm")
    config = json.loads((folder / "config.json").read_text()) | {"model_type": "llama"}
    (folder / "config.json").write_text(json.dumps(config))
    assert "of type 'llama'" in refusal(Recipe("qwen-prm", str(folder)))


def test_an_unknown_parameter_is_a_sentence():
    said = refusal(Recipe("qwen-prm", "x", parameters={"temperature": 1}))
    assert said.startswith("The parameters of the backend 'qwen-prm' can't be used: ")
    assert "unknown field `temperature`. It has batch_tokens, device, dtype, system." in said


def test_an_unknown_device_is_a_sentence():
    said = refusal(Recipe("qwen-prm", "x", parameters={"device": "abacus"}))
    assert "no device 'abacus'" in said
