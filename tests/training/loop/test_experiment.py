"""One seed: its problems, its datasets and exports, its training runs."""

from pathlib import Path

import pytest
from transformers import AutoModelForCausalLM

from tests.training.loop.attempts import PROBLEMS, scripted_attempts
from tests.training.tiny import rationale_rows, write_export
from traces.models import Dataset, Trace, Verdict
from training.jobs.export_reader import open_export
from training.loop.experiment import TAUGHT_SHARE, SeedRun
from training.loop.rollouts import rollout_rows, write_rollout_export
from training.loop.toy_arithmetic import taught_facts


def test_problems_are_never_held_out_and_need_only_taught_facts(seed: SeedRun):
    problems = seed.problems(50, 1, taught=True)
    assert not set(problems) & set(seed.held_out)
    facts = taught_facts(TAUGHT_SHARE, seed.number)
    assert all(facts.issuperset(problem.facts) for problem in problems)
    assert seed.problems(50, 1, taught=True) == problems
    assert seed.problems(50, 2) != problems
    assert len(seed.held_out) == seed.sizes.held_out


def test_the_untrained_policy_is_created_once(seed: SeedRun):
    folder = seed.untrained()
    modified = (folder / "model.safetensors").stat().st_mtime_ns
    assert seed.untrained() == folder
    assert (folder / "model.safetensors").stat().st_mtime_ns == modified


def test_a_training_run_leaves_a_model_of_its_own(seed: SeedRun, tmp_path: Path):
    rows = [{**row, "text": "1+1=2", "rationale": "1+1=2"} for row in rationale_rows()]
    export = write_export(tmp_path / "export", "mistake-tuning", rows)
    folder = seed.train("base", "mistake-tuning", export, seed.untrained(), steps=1)
    assert folder == seed.folder / "base" / "model"
    before, after = (
        AutoModelForCausalLM.from_pretrained(path).state_dict()
        for path in (seed.untrained(), folder)
    )
    assert any(not before[name].equal(after[name]) for name in before)


@pytest.mark.django_db(transaction=True)
def test_attempts_come_back_as_rollouts_with_their_tokens_and_rewards(
    seed: SeedRun, tmp_path: Path
):
    rows = rollout_rows(PROBLEMS, scripted_attempts(), generator="policy")
    folder = seed.export("round", rows, "nft-rollouts", instruction="")
    assert Dataset.objects.get().name == "loop-1-round"
    assert Trace.objects.count() == 5
    verdicts = Verdict.objects.order_by("trace__external_id")
    assert [verdict.earliest_error for verdict in verdicts] == [-1, 0, 0, -1, -1]
    (row,) = open_export(folder, recipes=("nft-rollouts",)).rows("train")
    written = write_rollout_export(tmp_path / "written", PROBLEMS, scripted_attempts())
    (expected,) = open_export(written, recipes=("nft-rollouts",)).rows("train")
    assert row["prompt"] == expected["prompt"]
    assert row["r_q"] == expected["r_q"] == pytest.approx(1 / 3)
    kept = ("token_ids", "old_logprobs", "reward")
    assert [[response[key] for key in kept] for response in row["responses"]] == [
        [response[key] for key in kept] for response in expected["responses"]
    ]
