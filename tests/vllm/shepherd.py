"""A language model like Math-Shepherd, small enough to be made in a test."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

WORDS = ["▁ки", "▁+", "▁-"]
LETTERS = "▁abcdefghijklmnopqrstuvwxyzSQ0123456789:?=+-кин"


def make_tiny_shepherd(folder: Path, *, seed: int = 0) -> Path:
    """Make a Llama whose tokenizer keeps the blank with the word, as Mistral's does."""
    pieces = [("<unk>", 0.0), ("</s>", 0.0), *((word, -1.0) for word in WORDS)]
    pieces += [(letter, -5.0) for letter in LETTERS]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=0))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<unk>", eos_token="</s>", pad_token="</s>"
    ).save_pretrained(folder)
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(pieces),
        hidden_size=64,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=512,
        initializer_range=0.3,
        pad_token_id=1,
        bos_token_id=1,
        eos_token_id=1,
    )
    LlamaForCausalLM(config).save_pretrained(folder)
    return folder
