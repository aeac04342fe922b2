"""False-looking claims that may be meant otherwise are left alone."""

import pytest

from inference.backends.arithmetic.ambiguity import has_other_arithmetic, is_doubtful
from inference.backends.arithmetic.chains import claims_of
from inference.backends.arithmetic.lexer import tokens_of


def doubtful(step: str, problem: str = "") -> bool:
    tokens = tokens_of(step, 0, len(step))
    claim = next(claims_of(tokens))
    return is_doubtful(step, tokens, claim, problem)


@pytest.mark.parametrize(
    "step",
    [
        "Working modulo 7, we get 17 + 5 = 1.",
        "It is not true that 2 + 2 = 5",
        "10 + 5 = 15 * 2 = 30",
        "9-5 = 8 hours",
        "The quotient is 17 / 5 = 3.",
    ],
)
def test_reasons_to_doubt(step: str):
    assert doubtful(step)


def test_a_plain_falsehood_is_not_doubtful():
    assert not doubtful("So 7 * 8 = 54.")


def test_remainders_count_if_the_problem_is_about_them():
    assert doubtful("So 15 + 10 = 1.", problem="Work modulo 12.")
    assert not doubtful("So 15 + 10 = 1.")


def test_other_arithmetic_is_found_in_the_problem():
    assert has_other_arithmetic("Let a \\star b be an operation.")
    assert has_other_arithmetic("Write 1011 in binary.")
    assert not has_other_arithmetic("How many apples are left?")
