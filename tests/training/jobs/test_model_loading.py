from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from tests.training.tiny import make_base
from training.jobs.errors import JobError
from training.jobs.job_settings import Settings
from training.jobs.model_loading import (
    autocast,
    autocast_dtype,
    load_language_model,
    load_step_classifier,
    load_tokenizer,
    save_model,
    select_device,
)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return make_base(tmp_path / "base")


def settings(base: Path | str = "x", **changed: object) -> Settings:
    return Settings(base=str(base), device="cpu", **changed)


def test_a_missing_base_is_refused_by_name(tmp_path: Path):
    for load, part in ((load_tokenizer, "tokenizer"), (load_language_model, "model")):
        with pytest.raises(JobError, match=rf"The {part} of .*nowhere can't be loaded"):
            load(settings(tmp_path / "nowhere"))


def test_a_missing_device_is_refused_by_name():
    with pytest.raises(JobError, match="No device 'warp' here"):
        select_device(Settings(base="x", device="warp"))


def test_auto_computes_in_bfloat16_only_on_a_gpu():
    cpu, cuda = torch.device("cpu"), torch.device("cuda")
    assert autocast_dtype(settings(), cpu) is None
    assert autocast_dtype(settings(), cuda) is torch.bfloat16
    assert autocast_dtype(settings(dtype="float32"), cuda) is None
    with autocast(settings(dtype="bfloat16"), cpu):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype is torch.bfloat16
    with autocast(settings(), cpu):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype is torch.float32


def test_a_tokenizer_without_padding_pads_with_its_end_token(base: Path):
    tokenizer = AutoTokenizer.from_pretrained(base)
    tokenizer.pad_token = None
    tokenizer.save_pretrained(base)
    assert load_tokenizer(settings(base)).pad_token == "</s>"


def test_the_head_of_a_step_classifier_is_the_same_after_a_restart(base: Path):
    first, second = (load_step_classifier(settings(base)).state_dict() for _ in range(2))
    assert first["score.weight"].shape[0] == 2
    assert torch.equal(first["score.weight"], second["score.weight"])


def test_lora_trains_few_weights_and_is_merged_when_saved(base: Path, tmp_path: Path):
    model = load_language_model(settings(base, lora_rank=2))
    trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
    assert trained < sum(p.numel() for p in model.parameters()) / 4
    save_model(model, load_tokenizer(settings(base)), tmp_path / "model")
    saved, report = AutoModelForCausalLM.from_pretrained(
        tmp_path / "model", output_loading_info=True
    )
    assert not report["missing_keys"]
    assert not report["unexpected_keys"]
    assert not any("lora" in name for name in saved.state_dict())
    assert not (tmp_path / "model.partial").exists()
