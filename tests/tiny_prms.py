"""Process reward models of each open family: the real architecture, small enough for a test."""

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    PreTrainedTokenizerFast,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen2ForTokenClassification,
)

LLAMA_CHAT = (
    "{{ bos_token }}{% for message in messages %}"
    "{{ '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'"
    " + message['content'] | trim + '<|eot_id|>' }}{% endfor %}"
    "{% if add_generation_prompt %}"
    "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"
)
WIDTH = 32
SMALL: dict[str, Any] = {
    "hidden_size": WIDTH,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 512,
    "initializer_range": 0.4,
}


def byte_tokenizer(special: list[str], **names: str) -> PreTrainedTokenizerFast:
    """Return a tokenizer with a token for each byte, and these special ones.

    `bos_token`, if given, begins every text.
    """
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(special)
    if bos := names.get("bos_token"):
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{bos} $A", special_tokens=[(bos, tokenizer.token_to_id(bos))]
        )
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names)


def llama_like_tokenizer() -> PreTrainedTokenizerFast:
    """Letters behind a mark for the blank, as SentencePiece has them, with Math-Shepherd's tags."""
    letters = "▁abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,:?=+-кi\nи<>_"
    vocab = {token: number for number, token in enumerate(["<unk>", *dict.fromkeys(letters)])}
    for tag in ("▁+", "▁-", "ки", "▁ки"):
        vocab[tag] = len(vocab)
    merges = [("▁", "+"), ("▁", "-"), ("к", "и"), ("▁", "ки")]
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=merges, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="first")
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>")


def make_math_shepherd(folder: Path) -> Path:
    tokenizer = llama_like_tokenizer()
    config = MistralConfig(vocab_size=len(tokenizer), **SMALL)
    return _saved(folder, tokenizer, MistralForCausalLM, config)


def make_rlhflow(folder: Path) -> Path:
    special = ["<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
    tokenizer = byte_tokenizer(special, bos_token=special[0], eos_token=special[3])
    tokenizer.chat_template = LLAMA_CHAT
    config = LlamaConfig(vocab_size=len(tokenizer), **SMALL)
    return _saved(folder, tokenizer, LlamaForCausalLM, config)


def make_skywork(folder: Path) -> Path:
    tokenizer = byte_tokenizer(["<|endoftext|>"], pad_token="<|endoftext|>")
    config = Qwen2Config(vocab_size=len(tokenizer), **SMALL)
    _saved(folder, tokenizer, Qwen2ForCausalLM, config)
    return _with_head(folder, "v_head.summary", (1, WIDTH))


def make_token_classifier(folder: Path, *, bos: bool = False) -> Path:
    names = {"bos_token": "<|begin|>"} if bos else {}
    special = ["<|endoftext|>", *names.values()]
    tokenizer = byte_tokenizer(special, pad_token="<|endoftext|>", **names)
    config = Qwen2Config(vocab_size=len(tokenizer), num_labels=2, **SMALL)
    return _saved(folder, tokenizer, Qwen2ForTokenClassification, config)


def make_reasoneval(folder: Path) -> Path:
    """Write a model whose padding and beginning are one token, as in the 7B model."""
    tokenizer = byte_tokenizer(["<s>"], bos_token="<s>", pad_token="<s>")
    config = MistralConfig(vocab_size=len(tokenizer), **SMALL)
    _saved(folder, tokenizer, MistralForCausalLM, config)
    return _with_head(folder, "score_head", (3, WIDTH), bias=False)


def _saved(folder: Path, tokenizer: PreTrainedTokenizerFast, model: Any, config: Any) -> Path:
    torch.manual_seed(0)
    model(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _with_head(folder: Path, name: str, shape: tuple[int, int], *, bias: bool = True) -> Path:
    file = folder / "model.safetensors"
    weights = load_file(file)
    torch.manual_seed(1)
    weights[f"{name}.weight"] = torch.randn(shape) / 4
    if bias:
        weights[f"{name}.bias"] = torch.randn(shape[0]) / 4
    save_file(weights, file, metadata={"format": "pt"})
    return folder
