"""Toy problems with many correct solutions."""

import random

import pytest

from training.loop.many_answers_experiment import MAX_TOKENS
from training.loop.policy import CONTEXT, make_tokenizer
from training.loop.toy_groupings import DIGITS, Grouping, generate_groupings, parse_grouping

PROBLEM = Grouping("+", (3, 8, 5, 8))


def test_a_problem_is_written_and_parsed():
    assert PROBLEM.text == "3+8+5+8"
    assert parse_grouping(PROBLEM.text) == PROBLEM
    assert PROBLEM.answer == "4"
    assert Grouping("*", (3, 8, 5)).answer == "0"


def test_all_random_solutions_are_correct_and_many_differ():
    rng = random.Random(1)
    for problem in generate_groupings(20, 1):
        solutions = [problem.steps(rng) for _ in range(20)]
        assert {problem.earliest_error(solution) for solution in solutions} == {-1}
        assert {solution[-1].partition("=")[2] for solution in solutions} == {problem.answer}
        assert len({tuple(solution) for solution in solutions}) > 10


@pytest.mark.parametrize(
    ("steps", "error"),
    [
        (["8+8=6", "5+6=1", "3+1=4"], -1),
        (["3+8=1", "8+1=9", "9+5=4"], -1),
        (["3+8=2", "8+2=0", "0+5=5"], 0),
        (["3+3=6", "8+6=4", "4+5=9"], 0),  # one three alone
        (["8+8=6", "8+6=4", "4+5=9"], 1),  # both eights are gone
        (["8*8=4", "5+4=9", "3+9=2"], 0),
        (["3+8=1", "8+1=9"], 1),
        (["3+8=1", "8+1=9", "9+5=4", "4+4=8"], 2),
        (["?"], 0),
    ],
)
def test_the_first_step_that_is_not_possible_is_the_error(steps: list[str], error: int):
    assert PROBLEM.earliest_error(steps) == error


def test_problems_are_different_and_none_is_held_out():
    held_out = generate_groupings(50, 1)
    others = generate_groupings(200, 2, without=held_out)
    assert len({*others, *held_out}) == 250
    assert generate_groupings(50, 1) == held_out


def test_a_correct_attempt_fits_the_policy():
    (problem,) = generate_groupings(1, 1)
    tokenizer = make_tokenizer()
    attempt = tokenizer("\n\n".join(problem.steps(random.Random(1))))["input_ids"]
    prompt = tokenizer(problem.text + "\n")["input_ids"]
    assert len(attempt) + 1 == MAX_TOKENS - 1 == 5 * (DIGITS - 1) + DIGITS - 1
    assert len(prompt) + MAX_TOKENS <= CONTEXT
