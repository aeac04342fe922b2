"""Equations are found in words and in mathematics."""

import pytest

from inference.backends.algebra.contradictions import solution
from inference.backends.algebra.equations import find_equations


def test_equations_are_found_in_words_and_in_mathematics():
    step = r"So 2x + 3 = 13. We get \[2x = 10\] and thus $x = 5$ dollars."
    found = list(find_equations(step))
    assert [equation.text for equation in found] == ["2x + 3 = 13", "2x = 10", "x = 5"]
    assert {solution(equation) for equation in found} == {5}


@pytest.mark.parametrize(
    "step",
    [
        "20% of x = 30",
        "log x = 2",
        "so x = 5%",
        r"so x = 5\sqrt{2}",
        r"x = 1.\overline{234}",
        r"\[ 16,520.25 - 5,000 = 1.45x \]",
        "x = 3 = y",
        "x + y = 3",
    ],
)
def test_what_is_more_than_it_seems_is_no_equation(step):
    assert list(find_equations(step)) == []
