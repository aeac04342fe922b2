"""Exports in the hands of the libraries that they are for: a tiny model, two steps."""

from pathlib import Path

import datasets
import pytest
import torch
from transformers import Qwen2Config, Qwen2ForCausalLM, Qwen2ForTokenClassification, Trainer
from trl import DPOConfig, DPOTrainer, KTOConfig, KTOTrainer, SFTConfig, SFTTrainer
from trl.experimental.prm import PRMConfig, PRMTrainer

from exports.recipes import RECIPES
from exports.storage.export_store import folder_of
from tests.exports.exported import make_export, rows_of
from tests.factories import label, make_dataset, make_trace
from tests.tiny_models import make_tokenizer
from traces.models import Dataset, Problem

pytestmark = pytest.mark.django_db(transaction=True)


def make_labelled() -> Dataset:
    """Four problems with a right and a wrong attempt each, explained and corrected."""
    dataset = make_dataset()
    for number in range(4):
        problem = f"What is {number} + 1?"
        good = make_trace(dataset, problem=problem, steps=["Add.", f"It is {number + 1}."])
        bad = make_trace(dataset, problem=problem, steps=["Add.", f"It is {number}."])
        label(good, -1)
        label(bad, 1, explanation="Nothing was added.", correction=f"It is {number + 1}.")
    return dataset


def exported(recipe: str, tmp_path: Path, **options) -> datasets.Dataset:
    export = make_export(make_labelled(), recipe, **options)
    assert export.row_count >= 4
    return datasets.load_dataset(
        str(folder_of(export)), split="train", cache_dir=str(tmp_path / "cache")
    )


def tiny_config() -> Qwen2Config:
    tokenizer = make_tokenizer()
    torch.manual_seed(0)
    return Qwen2Config(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=512,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
    )


def tiny_language_model(tmp_path: Path) -> Qwen2ForCausalLM:
    """Load a model from a folder, where trainers find its initial weights again."""
    folder = tmp_path / "model"
    Qwen2ForCausalLM(tiny_config()).save_pretrained(folder)
    make_tokenizer().save_pretrained(folder)
    return Qwen2ForCausalLM.from_pretrained(folder)


def usual(tmp_path: Path) -> dict:
    return {
        "output_dir": str(tmp_path / "out"),
        "max_steps": 2,
        "per_device_train_batch_size": 2,
        "report_to": [],
        "use_cpu": True,
        "bf16": False,
        "save_strategy": "no",
    }


def check_trains(trainer: Trainer) -> None:
    """Run two steps; check that the loss is a number and the weights move."""
    before = {name: value.clone() for name, value in trainer.model.state_dict().items()}
    result = trainer.train()
    assert result.global_step == 2
    assert result.training_loss == result.training_loss
    after = trainer.model.state_dict()
    assert any(not torch.equal(before[name], after[name]) for name in before)


@pytest.mark.parametrize("recipe", sorted(RECIPES))
def test_datasets_loads_every_recipe_row_by_row(tmp_path: Path, recipe: str):
    dataset = make_labelled()
    Problem.objects.filter(dataset=dataset).update(reference_answer="1")
    export = make_export(dataset, recipe)
    loaded = datasets.load_dataset(str(folder_of(export)), cache_dir=str(tmp_path / "cache"))
    (split,) = loaded
    assert loaded[split].to_list() == rows_of(export, split)
    assert loaded[split].column_names == list(RECIPES[recipe].columns)
    assert len(loaded[split]) >= 4


def test_a_critic_is_fine_tuned_on_alpacas_columns(tmp_path: Path):
    rows = exported("critique", tmp_path)
    trainer = SFTTrainer(
        tiny_language_model(tmp_path),
        args=SFTConfig(**usual(tmp_path), max_length=256),
        train_dataset=rows,
        processing_class=make_tokenizer(),
        formatting_func=lambda row: "\n".join([row["instruction"], row["input"], row["output"]]),
    )
    check_trains(trainer)


@pytest.mark.parametrize("after", ["left-out", "wrong"])
def test_trl_trains_a_process_reward_model(tmp_path: Path, after: str):
    rows = exported("prm", tmp_path, after_first_error=after)
    model = Qwen2ForTokenClassification(tiny_config())
    trainer = PRMTrainer(
        model, PRMConfig(**usual(tmp_path)), train_dataset=rows, processing_class=make_tokenizer()
    )
    labels = [[n for n in row["labels"] if n != -100] for row in trainer.train_dataset]
    assert labels == [[int(right) for right in row["labels"]] for row in rows]
    check_trains(trainer)


@pytest.mark.parametrize(
    ("recipe", "options"),
    [("dpo", {}), ("dpo", {"shape": "chat"}), ("step-dpo", {"prompt": "problem-and-steps"})],
    ids=["dpo-text", "dpo-chat", "step-dpo"],
)
def test_trl_trains_by_dpo(tmp_path: Path, recipe: str, options: dict):
    rows = exported(recipe, tmp_path, **options)
    trainer = DPOTrainer(
        tiny_language_model(tmp_path),
        args=DPOConfig(**usual(tmp_path)),
        train_dataset=rows,
        processing_class=make_tokenizer(),
    )
    check_trains(trainer)


@pytest.mark.parametrize("shape", ["text", "chat"])
def test_trl_trains_by_kto(tmp_path: Path, shape: str):
    rows = exported("kto", tmp_path, shape=shape)
    trainer = KTOTrainer(
        tiny_language_model(tmp_path),
        args=KTOConfig(**usual(tmp_path)),
        train_dataset=rows,
        processing_class=make_tokenizer(),
    )
    check_trains(trainer)


@pytest.mark.parametrize(
    ("recipe", "options"),
    [("sft", {}), ("sft", {"shape": "chat"}), ("retry", {}), ("mistake-tuning", {})],
    ids=["sft-text", "sft-chat", "retry", "mistake-tuning"],
)
def test_trl_fine_tunes(tmp_path: Path, recipe: str, options: dict):
    rows = exported(recipe, tmp_path, **options)
    trainer = SFTTrainer(
        tiny_language_model(tmp_path),
        args=SFTConfig(**usual(tmp_path), max_length=256),
        train_dataset=rows,
        processing_class=make_tokenizer(),
    )
    check_trains(trainer)
