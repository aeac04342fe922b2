"""The scores of each family of process reward models, by its own card: one trace, no padding.

Each card's computation is written out a second time, on the real classes of transformers.
"""

import random
from collections.abc import Callable
from pathlib import Path

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

from inference.backends import load_backend
from inference.backends.interface import Recipe, TraceText
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
