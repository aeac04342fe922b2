"""A language model and exports small enough to be made, and trained on, in a test."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

TEXTS = [
    "What is 2 + 3, then times 4?\nFirst, 2 + 3 = 5.\n\nThen 5 * 4 = 20.",
    "How many apples are left of 12 after 5 are eaten?\n12 - 5 = 7 apples are left.",
    "[CORRECT RATIONALE] [INCORRECT RATIONALE] So the answer is \\boxed{17}.",
]


def make_trained_tokenizer(vocabulary: int = 320) -> PreTrainedTokenizerFast:
    """Train a byte-level BPE, so that words are split as by real tokenizers."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=["<s>", "</s>", "<pad>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(TEXTS, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", pad_token="<pad>"
    )


def make_base(folder: Path, *, seed: int = 0, dropout: float = 0.0, context: int = 256) -> Path:
    """Write a Llama of about ten thousand weights as a folder that transformers loads."""
    tokenizer = make_trained_tokenizer()
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=context,
        attention_dropout=dropout,
        classifier_dropout=dropout,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def teach(base: Path, texts: list[str], *, updates: int = 120) -> None:
    """Train the base in its folder on the ends of these texts, whatever comes before them."""
    tokenizer = PreTrainedTokenizerFast.from_pretrained(base)
    model = LlamaForCausalLM.from_pretrained(base)
    batch = tokenizer(
        [text + tokenizer.eos_token for text in texts], return_tensors="pt", padding=True
    )
    labels = batch["input_ids"].masked_fill(batch["attention_mask"] == 0, -100)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for _ in range(updates):
        loss = model(**batch, labels=labels).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
    model.save_pretrained(base)


def write_export(
    folder: Path, recipe: str, rows: Iterable[dict[str, Any]], **splits: Iterable[dict[str, Any]]
) -> Path:
    """Write an export's folder as the platform does: JSON lines and a manifest."""
    folder.mkdir(parents=True)
    files = {}
    for split, content in {"train": rows, **splits}.items():
        data = b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in content)
        (folder / f"{split}.jsonl").write_bytes(data)
        files[f"{split}.jsonl"] = {
            "split": split,
            "rows": data.count(b"\n"),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
    (folder / "manifest.json").write_bytes(orjson.dumps({"recipe": recipe, "files": files}))
    return folder


def rationale_rows(count: int = 12) -> list[dict[str, Any]]:
    return [_rationale_row(n, is_correct=bool(n % 2)) for n in range(count)]


def _rationale_row(n: int, *, is_correct: bool) -> dict[str, Any]:
    question = f"What is {n} + {n}?"
    prefix = "[CORRECT RATIONALE]" if is_correct else "[INCORRECT RATIONALE]"
    rationale = f"{n} + {n} = {2 * n if is_correct else 2 * n + 1}."
    return {
        "question": question,
        "prefix": prefix,
        "rationale": rationale,
        "text": f"{question}\n{prefix}\n{rationale}",
        "is_correct": is_correct,
    }


def step_rows(count: int = 12) -> list[dict[str, Any]]:
    return [
        {
            "prompt": f"What is {n} + {n}, doubled?",
            "completions": [f"{n} + {n} = {2 * n}.", f"Doubled, that is {4 * n + n % 2}."],
            "labels": [True, n % 2 == 0],
        }
        for n in range(count)
    ]


def rollout_rows(count: int = 4) -> list[dict[str, Any]]:
    return [
        {
            "prompt": [{"role": "user", "content": f"What is {n} + {n}?"}],
            "policy": {"model": "tiny", "temperature": 1.0},
            "r_q": 1 / 3,
            "responses": [{"text": f"{2 * n + k}", "reward": int(k == 0)} for k in range(3)],
        }
        for n in range(count)
    ]
