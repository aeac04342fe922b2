"""The base policy of the NFT experiment, and its arms."""

import pytest

from training.jobs.export_reader import open_export
from training.loop import nft_experiment
from training.loop.experiment import TAUGHT_SHARE, SeedRun
from training.loop.nft_experiment import ARMS, compare, train_base
from training.loop.toy_arithmetic import parse_chain, taught_facts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def few_validation_problems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nft_experiment, "VALIDATION", 10)


def test_the_base_is_taught_only_its_facts_and_stops_at_the_last_stage(seed: SeedRun):
    model, export = train_base(seed)
    assert model == seed.folder / f"base-{nft_experiment.MAX_STAGES}" / "model"
    stage, share = seed.figures["base, of taught facts"]
    assert (stage, share) == (nft_experiment.MAX_STAGES, 0)
    facts = taught_facts(TAUGHT_SHARE, seed.number)
    rows = list(open_export(export, recipes=("mistake-tuning",)).rows("train"))
    assert len(rows) == seed.sizes.lessons
    assert all(facts.issuperset(parse_chain(row["question"]).facts) for row in rows)
    assert len(seed.solved["base"]) == seed.sizes.held_out


def test_the_base_stops_once_it_solves_enough(seed: SeedRun, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(nft_experiment, "SOLVED_SHARE", 0.0)
    model, lessons = train_base(seed)
    assert model == seed.folder / "base-1" / "model"
    compare(seed, model, lessons)
    assert seed.solved.keys() == {"base", "more fine-tuning", *ARMS}
    rounds = [number for number, _ in seed.figures["NFT, by round"]]
    assert rounds == [seed.sizes.rounds // 2, seed.sizes.rounds]
