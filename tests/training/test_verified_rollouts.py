"""A policy's attempts at problems with reference answers."""

from pathlib import Path

import pytest

from tests.factories import make_dataset, make_trace
from traces.models import Dataset, Problem
from training.jobs.policy_sampler import Response, SamplingOptions
from training.verified_rollouts import (
    EMPTY,
    Policy,
    RolloutOptions,
    _row,
    attempt_problems,
    generator_name,
    load_policy,
    verifiable_problems,
)

pytestmark = pytest.mark.django_db

OPTIONS = RolloutOptions(SamplingOptions(samples=2, max_new_tokens=4), instruction="")


@pytest.fixture
def dataset() -> Dataset:
    dataset = make_dataset()
    for number in range(5):
        text = f"What is {number} + {number}?"
        make_trace(dataset, problem=text, subset="even" if number % 2 == 0 else "odd")
        if number < 4:
            Problem.objects.filter(text=text).update(reference_answer=str(2 * number))
    return dataset


def texts(dataset: Dataset, *, subset: str = "", limit: int | None = None, seed: int = 1) -> list:
    problems = verifiable_problems(dataset, subset=subset, limit=limit, seed=seed)
    return [problem.text for problem in problems]


def test_problems_without_a_reference_answer_are_left_out(dataset: Dataset):
    assert sorted(texts(dataset)) == [f"What is {n} + {n}?" for n in range(4)]
    assert sorted(texts(dataset, subset="odd")) == ["What is 1 + 1?", "What is 3 + 3?"]


def test_the_seed_samples_the_problems(dataset: Dataset):
    assert texts(dataset, limit=2) == texts(dataset)[:2]
    assert {tuple(texts(dataset, limit=2, seed=seed)) for seed in range(9)} != {
        tuple(texts(dataset, limit=2))
    }


def test_each_problem_has_a_group_of_rows(dataset: Dataset, base: Path):
    policy = load_policy(str(base), name="tiny")
    problems = verifiable_problems(dataset, subset="", limit=3, seed=1)
    groups = list(attempt_problems(policy, problems, OPTIONS))
    assert [len(group) for group in groups] == [2, 2, 2]
    for problem, group in zip(problems, groups, strict=True):
        assert {row["problem"] for row in group} == {problem.text}
        assert {row["generator"] for row in group} == {"tiny"}
        assert all(len(row["token_ids"]) == len(row["logprobs"]) <= 4 for row in group)


@pytest.mark.parametrize(
    ("text", "steps", "answer", "is_correct"),
    [
        ("1 + 1 = 2\n\nSo 2.", ["1 + 1 = 2", "So 2."], "So 2", False),
        ("It is \\boxed{2}", ["It is \\boxed{2}"], "2", True),
        (" ", [EMPTY], EMPTY, False),
    ],
)
def test_a_response_becomes_a_row_with_steps_and_a_checked_answer(
    text: str, steps: list[str], answer: str, is_correct: bool
):
    problem = Problem(text="What is 1 + 1?", reference_answer="2")
    row = _row(Policy("tiny", "", None, None), problem, Response(text, [], [], True), OPTIONS, 0)
    assert (row["steps"], row["final_answer"]) == (steps, answer)
    assert row["final_answer_correct"] is is_correct


def test_a_policy_is_named_after_its_folder_or_run(tmp_path: Path):
    (tmp_path / "7" / "model").mkdir(parents=True)
    assert generator_name(str(tmp_path / "7" / "model")) == "run-7"
    assert generator_name(str(tmp_path / "7")) == "7"
    assert generator_name("owner/tiny") == "owner/tiny"
