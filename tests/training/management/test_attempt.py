"""`misstep attempt`: a policy's verified attempts, from the command to a trained policy."""

from pathlib import Path

import orjson
import pytest
from django.core.management import CommandError, call_command

from exports.curation.rule import Rule
from exports.storage.export_store import folder_of
from tests.exports.exported import make_export, rows_of
from tests.factories import label, make_dataset, make_trace
from traces.imports.import_job import create_import, run_import
from traces.models import Dataset, Problem, Trace
from training.jobs.files import write_run
from training.jobs.runner import run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def questions() -> Dataset:
    dataset = make_dataset()
    for number in range(5):
        make_trace(dataset, problem=f"What is {number} + {number}?", subset="sums")
        if number < 4:
            problem = Problem.objects.filter(text=f"What is {number} + {number}?")
            problem.update(reference_answer=str(2 * number))
    return dataset


def attempt(dataset: Dataset, base: Path, output: Path, *more: str) -> list[dict]:
    words = ["--policy", str(base), "--output", str(output), "--samples", "4", "--max-tokens", "8"]
    call_command("attempt", dataset.name, *words, "--instruction", "", *more)
    return [orjson.loads(line) for line in output.read_bytes().splitlines()]


def test_a_round_of_nft_from_attempts_to_a_trained_policy(
    questions: Dataset, base: Path, tmp_path: Path
):
    rows = attempt(questions, base, tmp_path / "attempts.jsonl", "--name", "tiny")
    # The problem without an answer can't be verified and is not attempted.
    assert len({row["problem"] for row in rows}) == 4
    assert len({row["id"] for row in rows}) == len(rows) == 16
    assert all(len(row["token_ids"]) == len(row["logprobs"]) <= 8 for row in rows)
    assert all(row["final_answer"] for row in rows)

    started = create_import(dataset_name="round-1", source=str(tmp_path / "attempts.jsonl"))
    run_import(started.pk)
    started.refresh_from_db()
    assert (started.status, started.rejected) == ("finished", 0)
    assert started.dataset is not None
    traces = Trace.objects.filter(dataset=started.dataset)
    assert traces.count() == 16
    # So small a policy is never right: let every other attempt be, so that there is a lesson.
    for place, trace in enumerate(traces.order_by("pk")):
        label(trace, -1 if place % 2 else 0)
    export = make_export(started.dataset, "nft-rollouts", Rule(), instruction="")
    groups = rows_of(export)
    known = {tuple(row["token_ids"]): row["logprobs"] for row in rows}
    assert [(group["k"], group["r_q"]) for group in groups] == [(4, 0.5)] * 4
    assert groups[0]["policy"]["model"] == "tiny"
    assert groups[0]["policy"]["max_tokens"] == 8
    for response in (response for group in groups for response in group["responses"]):
        assert response["old_logprobs"] == pytest.approx(known[tuple(response["token_ids"])])
    values = {"base": str(base), "steps": 2, "batch_size": 8}
    write_run(tmp_path / "run", job="nft", export=folder_of(export), settings=values)
    assert run(tmp_path / "run")["examples"] == 16


def test_the_seed_decides_problems_and_attempts(questions: Dataset, base: Path, tmp_path: Path):
    first, again, other = (
        attempt(questions, base, tmp_path / f"{number}.jsonl", "--problems", "2", "--seed", seed)
        for number, seed in enumerate(("1", "1", "2"))
    )
    assert len(first) == 8
    assert first == again
    assert {row["id"] for row in first}.isdisjoint(row["id"] for row in other)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--samples", "0"], "--samples must be at least 1"),
        (["--top-p", "0"], "--top-p above 0"),
        (["--subset", "gone"], "has a reference answer"),
    ],
)
def test_invalid_options_are_refused(
    questions: Dataset, base: Path, tmp_path: Path, options: list[str], message: str
):
    with pytest.raises(CommandError, match=message):
        attempt(questions, base, tmp_path / "attempts.jsonl", *options)
    assert not list(tmp_path.glob("attempts*"))


def test_a_missing_policy_is_refused_by_name(questions: Dataset, tmp_path: Path):
    with pytest.raises(CommandError, match=r"tokenizer of .*gone can't be loaded"):
        attempt(questions, tmp_path / "gone", tmp_path / "attempts.jsonl")
