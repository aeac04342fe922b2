"""A policy from nothing: a small GPT that reads characters."""

from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import GPT2Config, GPT2LMHeadModel, PreTrainedTokenizerFast

CHARACTERS = "0123456789+-*="
TAGS = ("[CORRECT RATIONALE]", "[INCORRECT RATIONALE]")
BREAKS = ("\n\n", "\n")
END, PAD = "<end>", "<pad>"
CONTEXT = 64


def make_tokenizer() -> PreTrainedTokenizerFast:
    """A token a character; the tags and the breaks between steps are one each."""
    names = [*CHARACTERS, *BREAKS, *TAGS]
    vocabulary = {name: number for number, name in enumerate([*names, END, PAD])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=PAD))
    tokenizer.add_tokens([*TAGS, *BREAKS])
    tokenizer.add_special_tokens([END, PAD])
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    tokenizer.decoder = decoders.Fuse()
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token=END, pad_token=PAD)


def make_policy(folder: Path, *, seed: int) -> Path:
    """Untrained weights, 0.1 million of them, and the tokenizer."""
    tokenizer = make_tokenizer()
    torch.manual_seed(seed)
    config = GPT2Config(
        vocab_size=len(tokenizer),
        n_positions=CONTEXT,
        n_embd=64,
        n_layer=2,
        n_head=4,
        initializer_range=0.08,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        classifier_dropout=0.0,
        bos_token_id=tokenizer.eos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    GPT2LMHeadModel(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
