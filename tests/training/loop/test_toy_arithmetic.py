"""Toy problems and the first errors of attempts at them."""

import pytest

from training.loop.toy_arithmetic import (
    ArithmeticChain,
    generate_chains,
    parse_chain,
    smaller_from_larger,
    solve_steps,
    taught_facts,
)

PROBLEM = ArithmeticChain(7, (("+", 8), ("*", 2), ("-", 9)))


def test_a_problem_is_written_parsed_and_solved():
    assert PROBLEM.text == "7+8*2-9"
    assert PROBLEM.steps == ["7+8=5", "5*2=0", "0-9=1"]
    assert PROBLEM.answer == "1"
    assert parse_chain(PROBLEM.text) == PROBLEM


def test_the_misconception_errs_where_a_difference_is_negative():
    steps = solve_steps(PROBLEM, smaller_from_larger)
    assert steps == ["7+8=5", "5*2=0", "0-9=9"]
    assert PROBLEM.earliest_error(steps) == 2


@pytest.mark.parametrize(
    ("steps", "error"),
    [
        (["7+8=5", "5*2=0", "0-9=1"], -1),
        (["7+8=6", "5*2=0", "0-9=1"], 0),
        (["7+8=5", "5*2=1", "1-9=2"], 1),
        (["7+8=5", "5*2=0"], 1),
        (["7+8=5", "5*2=0", "0-9=1", "1+1=2"], 2),
        (["?"], 0),
    ],
)
def test_the_first_step_that_differs_is_the_error(steps: list[str], error: int):
    assert PROBLEM.earliest_error(steps) == error


def test_problems_are_different_and_within_the_taught_facts():
    held_out = generate_chains(50, 1)
    facts = taught_facts(0.6, 2)
    taught = generate_chains(200, 3, without=held_out, facts=facts)
    assert len({*taught, *held_out}) == 250
    assert all(facts.issuperset(problem.facts) for problem in taught)
    assert len(facts) == 180
    assert generate_chains(50, 1) == held_out
