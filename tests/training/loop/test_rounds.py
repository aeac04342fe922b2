"""Rounds of NFT: the export of each, and the model that trains on it."""

from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from tests.training.loop.attempts import PROBLEMS, scripted_attempts
from traces.models import Verdict
from training.jobs.export_reader import open_export
from training.loop.experiment import SeedRun
from training.loop.policy import make_tokenizer
from training.loop.rollouts import write_rollout_export
from training.loop.rounds import Rounds
from training.loop.toy_arithmetic import parse_chain


def rounds(seed: SeedRun) -> Rounds:
    return Rounds(
        seed,
        prefix="test-",
        draw=lambda number: seed.problems(4, number),
        parse=parse_chain,
        samples=2,
        max_tokens=24,
        settings={"epochs": 1, "batch_size": 8},
    )


@pytest.mark.django_db(transaction=True)
def test_the_first_round_is_an_export_of_the_platform(seed: SeedRun):
    folder = rounds(seed).export_first(seed.untrained())
    manifest = orjson.loads((folder / "manifest.json").read_bytes())
    assert manifest["recipe"] == "nft-rollouts"
    assert Verdict.objects.filter(judge__kind="human").count() == 4 * 2


def test_a_round_with_a_mixed_group_trains_a_new_model(seed: SeedRun, tmp_path: Path):
    tokenizer = make_tokenizer()
    groups = [
        [
            replace(response, token_ids=ids, logprobs=[-1.0] * len(ids))
            for response in group
            for ids in [tokenizer(response.text)["input_ids"]]
        ]
        for group in scripted_attempts()
    ]
    export = write_rollout_export(tmp_path / "export", PROBLEMS, groups)
    model = rounds(seed).train("NFT", 1, seed.untrained(), export)
    assert model == seed.folder / "test-NFT-1" / "model"
    assert (model / "model.safetensors").is_file()


def test_a_later_round_without_a_mixed_group_keeps_the_model(seed: SeedRun, tmp_path: Path):
    base = seed.untrained()  # never correct, so no group is mixed
    assert rounds(seed).train("NFT", 2, base, tmp_path / "unused") == base
    written = open_export(seed.folder / "test-rollouts-NFT-2", recipes=("nft-rollouts",))
    assert list(written.rows("train")) == []
