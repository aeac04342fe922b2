"""A process reward model of the real architecture, small enough to be made in a test."""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM, Qwen2Model

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<extra_0>"]
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}"
)
ANSWERING_TEMPLATE = (
    CHAT_TEMPLATE + "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def make_tokenizer() -> PreTrainedTokenizerFast:
    """Return a tokenizer with a token for each byte, and ChatML."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(
        models.BPE(vocab={letter: i for i, letter in enumerate(alphabet)}, merges=[])
    )
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(SPECIAL)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token="<|im_end|>",
        pad_token="<|endoftext|>",
        chat_template=CHAT_TEMPLATE,
    )


def make_tiny_prm(
    folder: Path,
    *,
    context: int = 512,
    seed: int = 0,
    sharded: bool = False,
    one_layer: bool = False,
    width: int = 32,
    heads: int = 4,
) -> Path:
    """Write a folder as on the hub: `model.*`, `score.0.*`, `score.2.*` and a tokenizer.

    `one_layer` makes a token classifier's `score.*` instead; `sharded` two files and an index.
    vLLM on a CPU wants heads of 32 or more numbers: a `width` of 64 has two of them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = make_tokenizer()
    tokenizer.save_pretrained(folder)
    torch.manual_seed(seed)
    config = Qwen2Config(
        vocab_size=len(tokenizer),
        hidden_size=width,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=heads,
        num_key_value_heads=heads // 2,
        max_position_embeddings=context,
        initializer_range=0.5,
    )
    weights = {f"model.{k}": v.clone() for k, v in Qwen2Model(config).state_dict().items()}
    last = (2, width)
    shapes = {"score": last} if one_layer else {"score.0": (width, width), "score.2": last}
    for name, shape in shapes.items():
        weights[f"{name}.weight"] = torch.randn(shape) / 4
        weights[f"{name}.bias"] = torch.randn(shape[0]) / 4
    _save_weights(weights, folder, sharded)
    written = config.to_dict() | {
        "architectures": ["Qwen2ForProcessRewardModel"],
        # As on the hub: code that must never be run, and isn't even there.
        "auto_map": {"AutoModel": "modeling_qwen2_rm.Qwen2ForProcessRewardModel"},
    }
    (folder / "config.json").write_text(json.dumps(written))
    return folder


def make_tiny_language_model(folder: Path, *, context: int = 2048, seed: int = 0) -> Path:
    """Write a Qwen2 of random weights as a language model; its heads suit vLLM."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = make_tokenizer()
    tokenizer.chat_template = ANSWERING_TEMPLATE
    tokenizer.save_pretrained(folder)
    torch.manual_seed(seed)
    config = Qwen2Config(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=1,
        max_position_embeddings=context,
        eos_token_id=tokenizer.eos_token_id,
    )
    Qwen2ForCausalLM(config).save_pretrained(folder)
    return folder


def _save_weights(weights: dict[str, torch.Tensor], folder: Path, sharded: bool) -> None:
    if not sharded:
        save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
        return
    names = sorted(weights)
    parts = {"model-1.safetensors": names[::2], "model-2.safetensors": names[1::2]}
    for file, part in parts.items():
        save_file({n: weights[n] for n in part}, folder / file, metadata={"format": "pt"})
    index = {
        "metadata": {"total_size": sum(w.nbytes for w in weights.values())},
        "weight_map": {name: file for file, part in parts.items() for name in part},
    }
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
