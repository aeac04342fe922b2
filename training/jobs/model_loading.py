"""The base model, on its device: all of its weights, or LoRA's few beside them."""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors import SafetensorError
from transformers import (
    AutoModelForCausalLM,
    AutoModelForTokenClassification,
    AutoTokenizer,
    PreTrainedTokenizerBase,
)

from training.jobs.checkpoints import whole_or_nothing
from training.jobs.errors import JobError
from training.jobs.job_settings import Settings

# What the architectures call a token classifier's own layer.
HEADS = ["score", "classifier"]
STEP_LABELS = {0: "LABEL_0", 1: "LABEL_1"}  # a wrong step, a right one


def device_of(settings: Settings) -> torch.device:
    name = settings.device
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        return torch.empty(0, device=name).device
    except (RuntimeError, AssertionError) as error:
        raise JobError(f"There is no device {name!r} here; auto takes what is there.") from error


def autocast_dtype(settings: Settings, device: torch.device) -> torch.dtype | None:
    """What is computed in; the weights stay float32. None means float32, as on every CPU, where
    bfloat16 is far slower."""
    if settings.dtype == "bfloat16" or (settings.dtype == "auto" and device.type == "cuda"):
        return torch.bfloat16
    return None


def casting(settings: Settings, device: torch.device) -> AbstractContextManager[object]:
    """Everything that is compared must be computed in the same type: training and what it is
    measured against."""
    dtype = autocast_dtype(settings, device)
    return torch.autocast(device.type, dtype) if dtype else nullcontext()


def load_tokenizer(settings: Settings) -> PreTrainedTokenizerBase:
    with _refusing(settings.base, "tokenizer"):
        tokenizer: Any = AutoTokenizer.from_pretrained(
            settings.base, revision=settings.revision or None, trust_remote_code=False
        )
    if tokenizer.pad_token_id is None:
        if tokenizer.eos_token_id is None:
            raise JobError(f"The tokenizer of {settings.base} has no token to pad or end with.")
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def load_language_model(settings: Settings) -> torch.nn.Module:
    return _load(AutoModelForCausalLM, settings, "CAUSAL_LM")


def load_step_classifier(settings: Settings) -> torch.nn.Module:
    """The base with a fresh head of two labels at every token, unless it has one already."""
    return _load(
        AutoModelForTokenClassification,
        settings,
        "TOKEN_CLS",
        num_labels=2,
        id2label=STEP_LABELS,
        label2id={name: number for number, name in STEP_LABELS.items()},
    )


def save_model(model: torch.nn.Module, tokenizer: PreTrainedTokenizerBase, folder: Path) -> None:
    """A whole checkpoint that loads without LoRA, complete once it has its name."""
    whole: Any = model.merge_and_unload() if isinstance(model, PeftModel) else model
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    with whole_or_nothing(partial):
        whole.save_pretrained(partial)
        tokenizer.save_pretrained(partial)
        partial.rename(folder)


def _load(kind: Any, settings: Settings, task: str, **options: Any) -> torch.nn.Module:
    # A fresh head must be the same after a restart.
    torch.manual_seed(settings.seed)
    with _refusing(settings.base, "model"):
        model = kind.from_pretrained(
            settings.base,
            revision=settings.revision or None,
            trust_remote_code=False,
            dtype=torch.float32,
            **options,
        )
    if settings.lora_rank:
        lora = LoraConfig(
            r=settings.lora_rank,
            lora_alpha=2 * settings.lora_rank,
            target_modules="all-linear",
            exclude_modules=HEADS,  # trained whole, beside
            task_type=task,
        )
        model = get_peft_model(model, lora)
    placed: torch.nn.Module = model.to(device_of(settings))
    return placed


@contextmanager
def _refusing(base: str, what: str) -> Iterator[None]:
    """Whatever transformers says of a folder or id that it can't load becomes one sentence."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise JobError(f"The {what} of {base} can't be loaded: {reason}") from error
