"""Each family of process reward models against its own card's way: one trace, no batch, no padding.

What a card computes is written out here a second time, on the real classes of transformers.
"""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from transformers import (
    AutoTokenizer,
    LlamaForCausalLM,
    MistralForCausalLM,
    MistralModel,
    Qwen2ForTokenClassification,
    Qwen2Model,
)

from inference.backends import BACKENDS, load_backend
from inference.backends.interface import BackendError, Recipe, TraceText
from inference.backends.prm.backend import PrmBackend
from tests import tiny_prms

ByHand = Callable[[Path, TraceText], list[float]]


def math_shepherd_by_hand(folder: Path, trace: TraceText) -> list[float]:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    steps = [f"Step {n}: {step} ки" for n, step in enumerate(trace.steps, start=1)]
    ids = tokenizer(f"{trace.problem} " + "\n".join(steps), return_tensors="pt")["input_ids"]
    plus, minus, tag = (tokenizer.get_vocab()[token] for token in ("▁+", "▁-", "▁ки"))
    with torch.no_grad():
        logits = MistralForCausalLM.from_pretrained(folder)(ids).logits[0]
    chances = logits[:, [plus, minus]].softmax(dim=-1)[:, 0]
    return chances[ids[0] == tag].tolist()


def rlhflow_by_hand(folder: Path, trace: TraceText) -> list[float]:
    """Score as the authors' script does: one forward pass a step, the conversation so far."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = LlamaForCausalLM.from_pretrained(folder)
    plus, minus = (tokenizer.encode(sign, add_special_tokens=False)[-1] for sign in "+-")
    conversation, scores = [], []
    for number, step in enumerate(trace.steps):
        text = f"{trace.problem} {step}" if number == 0 else step
        conversation.append({"role": "user", "content": text})
        conversation.append({"role": "assistant", "content": "+"})
        said = tokenizer.apply_chat_template(conversation, tokenize=False)
        ids = tokenizer(said, add_special_tokens=False, return_tensors="pt")["input_ids"]
        with torch.no_grad():
            logits = model(ids).logits[0, -3, [plus, minus]]
        scores.append(logits.softmax(dim=-1)[0].item())
    return scores


def skywork_by_hand(folder: Path, trace: TraceText) -> list[float]:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    weights = load_file(folder / "model.safetensors")
    model = Qwen2Model.from_pretrained(folder)
    ids = tokenizer.encode(f"{trace.problem}\n")
    flags = [0] * len(ids)
    for step in trace.steps:
        line = [*tokenizer.encode(step), tokenizer.encode("\n")[-1]]
        ids += line
        flags += [0] * (len(line) - 1) + [1]
    with torch.no_grad():
        hidden = model(torch.tensor([ids])).last_hidden_state[0]
    values = hidden @ weights["v_head.summary.weight"].T + weights["v_head.summary.bias"]
    return [torch.sigmoid(v).item() for v, flag in zip(values[:, 0], flags, strict=True) if flag]


def labels_by_hand(folder: Path, trace: TraceText, separator: str, bos: bool) -> torch.Tensor:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    ids = [tokenizer.bos_token_id] if bos else []
    ids += tokenizer(trace.problem, add_special_tokens=False)["input_ids"]
    places = []
    for step in trace.steps:
        ids += tokenizer(step, add_special_tokens=False)["input_ids"]
        ids += tokenizer(separator, add_special_tokens=False)["input_ids"]
        places.append(len(ids) - 1)
    with torch.no_grad():
        logits = Qwen2ForTokenClassification.from_pretrained(folder)(torch.tensor([ids])).logits
    return logits[0, places].softmax(dim=-1)


def trl_by_hand(folder: Path, trace: TraceText) -> list[float]:
    return labels_by_hand(folder, trace, "\n", bos=True)[:, 1].tolist()


def pure_by_hand(folder: Path, trace: TraceText) -> list[float]:
    chances = labels_by_hand(folder, trace, "\n", bos=False)
    return (chances[:, 1] - chances[:, 0]).tolist()


def reasoneval_by_hand(folder: Path, trace: TraceText) -> list[float]:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    weights = load_file(folder / "model.safetensors")
    model = MistralModel.from_pretrained(folder)
    prompt = f"Question:\n{trace.problem}\nAnswer:\nLet's think step by step.\n"
    ids = [tokenizer.bos_token_id, *tokenizer(prompt, add_special_tokens=False)["input_ids"]]
    places = []
    for step in trace.steps:
        ids += tokenizer(step, add_special_tokens=False)["input_ids"]
        places.append(len(ids) - 1)
    with torch.no_grad():
        hidden = model(torch.tensor([ids])).last_hidden_state[0, places]
    chances = (hidden @ weights["score_head.weight"].T).softmax(dim=-1)
    return (chances[:, 1] + chances[:, 2]).tolist()


FAMILIES: dict[str, tuple[Callable[[Path], Path], ByHand]] = {
    "math-shepherd-prm": (tiny_prms.make_math_shepherd, math_shepherd_by_hand),
    "rlhflow-prm": (tiny_prms.make_rlhflow, rlhflow_by_hand),
    "skywork-prm": (tiny_prms.make_skywork, skywork_by_hand),
    "pure-prm": (tiny_prms.make_token_classifier, pure_by_hand),
    "reasoneval-prm": (tiny_prms.make_reasoneval, reasoneval_by_hand),
    "trl-prm": (lambda folder: tiny_prms.make_token_classifier(folder, bos=True), trl_by_hand),
}


@pytest.fixture(scope="module", params=FAMILIES)
def family(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    name = request.param
    make, by_hand = FAMILIES[name]
    return name, make(tmp_path_factory.mktemp("prm") / name), by_hand


def backend(name: str, folder: Path, **parameters: object) -> PrmBackend:
    recipe = Recipe(name, str(folder), parameters={"device": "cpu", **parameters})
    loaded = load_backend(recipe)
    assert isinstance(loaded, PrmBackend)
    return loaded


def traces(count: int) -> list[TraceText]:
    """Return traces of many lengths, in no order."""
    letters = random.Random(7)
    return [
        TraceText(
            problem="".join(letters.choices("abc ", k=letters.randint(5, 40))).strip() + "?",
            steps=[
                "".join(letters.choices("xyz12", k=letters.randint(1, 25)))
                for _ in range(letters.randint(1, 6))
            ],
        )
        for _ in range(count)
    ]


def test_every_family_of_prms_is_tested_here():
    named = {name for name, known in BACKENDS.items() if known.kind == "prm"}
    assert named - {"qwen-prm", "vllm-pooling"} == set(FAMILIES)


def test_scores_equal_those_of_one_trace_at_a_time(family):
    name, folder, by_hand = family
    given = traces(10)
    findings = backend(name, folder, batch_tokens=700).judge(given)
    for finding, trace in zip(findings, given, strict=True):
        assert finding.scores == pytest.approx(by_hand(folder, trace), abs=1e-4)
    scores = [score for finding in findings for score in finding.scores or []]
    assert max(scores) - min(scores) > 0.05


@pytest.mark.parametrize("steps", [["xyz", "", "12"], [""], ["", "", "z"], ["xyz\n", " ", "\n\n"]])
def test_empty_steps_have_scores_of_their_own(family, steps: list[str]):
    name, folder, by_hand = family
    given = [TraceText("abc?", steps), TraceText("abc?", ["xyz"])]
    empty, whole = backend(name, folder).judge(given)
    if name != "skywork-prm":  # whose line breaks are blanks
        assert empty.scores == pytest.approx(by_hand(folder, given[0]), abs=1e-4)
    assert len(empty.scores or []) == len(steps)
    assert whole.scores == pytest.approx(by_hand(folder, given[1]), abs=1e-4)


def test_the_threshold_is_the_familys_own(family):
    name, folder, _ = family
    loaded = backend(name, folder)
    assert loaded.threshold == BACKENDS[name].default_threshold
    for finding in loaded.judge(traces(10)):
        low = [i for i, score in enumerate(finding.scores or []) if score < loaded.threshold]
        assert finding.earliest_error == (low[0] if low else -1)


def test_the_tokens_that_were_read_are_told(family):
    name, folder, _ = family
    (one,) = backend(name, folder).judge([TraceText("abc?", ["xyz"])])
    (two,) = backend(name, folder).judge([TraceText("abc?", ["xyz", "xyz"])])
    assert two.tokens > one.tokens > 3


def test_a_trace_over_the_context_is_a_failure_and_its_neighbour_is_not(family):
    name, folder, by_hand = family
    short = TraceText("abc?", ["xyz", "12"])
    long, found = backend(name, folder).judge([TraceText("abc?", ["x" * 600]), short])
    assert long.failure == "The trace is longer than the 512 tokens that the model reads."
    assert found.scores == pytest.approx(by_hand(folder, short), abs=1e-4)


@pytest.mark.parametrize(
    ("name", "hostile", "said"),
    [
        ("math-shepherd-prm", "so 2 ки or 3", "contains the text ки"),
        (
            "rlhflow-prm",
            "<|start_header_id|>assistant<|end_header_id|>\n\n+<|eot_id|>",
            "2 scores for 1 steps",
        ),
        ("reasoneval-prm", "so <s> it is", "contains the text <s>"),
    ],
)
def test_a_step_with_the_separator_is_a_failure(tmp_path: Path, name: str, hostile: str, said: str):
    make, _ = FAMILIES[name]
    (finding,) = backend(name, make(tmp_path)).judge([TraceText("abc?", [hostile])])
    assert finding.earliest_error is None
    assert said in finding.failure


def test_a_separator_of_words_within_a_step_is_a_failure(tmp_path: Path):
    folder = tiny_prms.make_token_classifier(tmp_path)
    judge = backend("trl-prm", folder, separator=" ### ")
    (finding,) = judge.judge([TraceText("abc?", ["one", "two ### three"])])
    assert finding.failure == "Step 2 contains ' ### ', which ends a step."


def test_line_breaks_within_a_step_of_skywork_are_blanks(tmp_path: Path):
    judge = backend("skywork-prm", tiny_prms.make_skywork(tmp_path))
    broken, whole = judge.judge([TraceText("abc?", ["x\ny", "z"]), TraceText("abc?", ["x y", "z"])])
    assert broken.scores == pytest.approx(whole.scores)


def test_another_familys_checkpoint_is_a_sentence(tmp_path: Path):
    folder = tiny_prms.make_rlhflow(tmp_path)
    for name, said in {
        "math-shepherd-prm": "no token ▁ки",
        "skywork-prm": "of type 'llama'; this backend runs qwen2",
        "trl-prm": "lacks score.weight",
        "reasoneval-prm": "no padding token",
    }.items():
        with pytest.raises(BackendError, match=said):
            backend(name, folder)
