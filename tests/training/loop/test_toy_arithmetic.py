"""The loop's problems, and the truth about attempts at them."""

import pytest

from training.loop.experiment import parsed
from training.loop.policy import TAGS, make_tokenizer
from training.loop.toy_arithmetic import Sum, known_facts, smaller_from_larger, sums, worked

PROBLEM = Sum(7, (("+", 8), ("*", 2), ("-", 9)))


def test_a_problem_is_written_and_worked_out():
    assert PROBLEM.text == "7+8*2-9"
    assert PROBLEM.steps == ["7+8=5", "5*2=0", "0-9=1"]
    assert PROBLEM.answer == "1"
    assert parsed(PROBLEM.text) == PROBLEM


def test_who_takes_the_smaller_from_the_larger_errs_where_it_matters():
    steps = worked(PROBLEM, smaller_from_larger)
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


def test_problems_are_different_held_out_and_within_the_taught_facts():
    held_out = sums(50, 1)
    facts = known_facts(0.6, 2)
    taught = sums(200, 3, without=held_out, facts=facts)
    assert len({*taught, *held_out}) == 250
    assert all(facts.issuperset(problem.facts) for problem in taught)
    assert len(facts) == 180
    assert sums(50, 1) == held_out


def test_the_policys_tokenizer_reads_a_character_a_token_and_gives_the_text_back():
    tokenizer = make_tokenizer()
    text = f"{PROBLEM.text}\n{TAGS[0]}\n" + "\n\n".join(PROBLEM.steps)
    ids = tokenizer(text)["input_ids"]
    assert tokenizer.decode(ids) == text
    assert len(ids) == len(PROBLEM.text) + 3 + sum(map(len, PROBLEM.steps)) + 2
