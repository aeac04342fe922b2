"""Loading the base model on its device, with all weights trained or LoRA, and saving the result."""

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

from training.jobs.checkpoints import atomic_write
from training.jobs.errors import JobError
from training.jobs.job_settings import Settings

# The architectures' names for a token classifier's head.
CLASSIFIER_HEADS = ["score", "classifier"]
STEP_LABELS = {0: "LABEL_0", 1: "LABEL_1"}  # wrong step, correct step


def select_device(settings: Settings) -> torch.device:
    """Return the device of the settings. Raises JobError if this machine does not have it."""
    name = settings.device
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        return torch.empty(0, device=name).device
    except (RuntimeError, AssertionError) as error:
        raise JobError(f"No device {name!r} here; auto uses the available device.") from error


def autocast_dtype(settings: Settings, device: torch.device) -> torch.dtype | None:
    """Return the type to compute in, or None for float32. Weights are always float32.

    On a CPU, auto means float32, because bfloat16 is far slower there.
    """
    if settings.dtype == "bfloat16" or (settings.dtype == "auto" and device.type == "cuda"):
        return torch.bfloat16
    return None


def autocast(settings: Settings, device: torch.device) -> AbstractContextManager[object]:
    """Return the precision context of a run.

    Use it for everything that is compared: log-probabilities in different types differ.
    """
    dtype = autocast_dtype(settings, device)
    return torch.autocast(device.type, dtype) if dtype else nullcontext()


def load_tokenizer(settings: Settings) -> PreTrainedTokenizerBase:
    """Return the base's tokenizer with a padding token. Raises JobError if it can't be loaded."""
    with _loading_errors(settings.base, "tokenizer"):
        tokenizer: Any = AutoTokenizer.from_pretrained(
            settings.base, revision=settings.revision or None, trust_remote_code=False
        )
    if tokenizer.pad_token_id is None:
        if tokenizer.eos_token_id is None:
            raise JobError(f"The tokenizer of {settings.base} has no token to pad or end with.")
        tokenizer.pad_token = tokenizer.eos_token
    return tokenizer


def load_language_model(settings: Settings) -> torch.nn.Module:
    """Return the base as a language model. Raises JobError if it can't be loaded."""
    return _load(AutoModelForCausalLM, settings, "CAUSAL_LM")


def load_step_classifier(settings: Settings) -> torch.nn.Module:
    """Return the base as a token classifier with two labels.

    A base without such a head gets a new one. Raises JobError if it can't be loaded.
    """
    return _load(
        AutoModelForTokenClassification,
        settings,
        "TOKEN_CLS",
        num_labels=2,
        id2label=STEP_LABELS,
        label2id={name: number for number, name in STEP_LABELS.items()},
    )


def save_model(model: torch.nn.Module, tokenizer: PreTrainedTokenizerBase, folder: Path) -> None:
    """Save a complete model that loads without LoRA. The folder appears by a rename."""
    merged: Any = model.merge_and_unload() if isinstance(model, PeftModel) else model
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    with atomic_write(partial):
        merged.save_pretrained(partial)
        tokenizer.save_pretrained(partial)
        partial.rename(folder)


def _load(kind: Any, settings: Settings, task: str, **options: Any) -> torch.nn.Module:
    # A new head must have the same weights after a restart.
    torch.manual_seed(settings.seed)
    with _loading_errors(settings.base, "model"):
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
            exclude_modules=CLASSIFIER_HEADS,  # trained in full, next to the adapters
            task_type=task,
        )
        model = get_peft_model(model, lora)
    placed: torch.nn.Module = model.to(select_device(settings))
    return placed


@contextmanager
def _loading_errors(base: str, part: str) -> Iterator[None]:
    """Turn every error of transformers about a base that can't be loaded into a JobError."""
    try:
        yield
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise JobError(f"The {part} of {base} can't be loaded: {reason}") from error
