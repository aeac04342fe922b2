"""An untrained policy: a small Llama with one token per character."""

from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

CHARACTERS = "0123456789+-*="
TAGS = ("[CORRECT RATIONALE]", "[INCORRECT RATIONALE]")
BREAKS = ("\n\n", "\n")
END, PAD = "<end>", "<pad>"
CONTEXT = 48


def make_tokenizer() -> PreTrainedTokenizerFast:
    """Return a tokenizer with a token per character, per tag and per break between steps."""
    names = [*CHARACTERS, *BREAKS, *TAGS]
    vocabulary = {name: number for number, name in enumerate([*names, END, PAD])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=PAD))
    tokenizer.add_tokens([*TAGS, *BREAKS])
    tokenizer.add_special_tokens([END, PAD])
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.decoder = decoders.Fuse()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=END, pad_token=PAD)


def make_policy(folder: Path, *, seed: int) -> Path:
    """Save 0.1 million untrained weights and the tokenizer, and return the folder."""
    tokenizer = make_tokenizer()
    torch.manual_seed(seed)
    settings: dict[str, Any] = {
        "vocab_size": len(tokenizer),
        "hidden_size": 64,
        "intermediate_size": 192,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 4,
        "max_position_embeddings": CONTEXT,
        "initializer_range": 0.08,
        "classifier_dropout": 0.0,
        "bos_token_id": None,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    LlamaForCausalLM(LlamaConfig(**settings)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
