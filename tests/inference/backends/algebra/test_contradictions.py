"""Contradicting equations are found, and ambiguous ones are left alone."""

import pytest

from inference.backends.algebra.contradictions import find_contradiction


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("2x + 3 = 13, so 2x = 12. Then x = 6.", "2x + 3 = 13 holds for x = 5, and 2x = 12"),
        (r"\[3(x - 1) = 12\] which gives \[x - 1 = 3\]", "holds for x = 5"),
        (r"$\frac{x}{2} = 4$, so $x = 6$.", "holds for x = 8"),
        (r"$x^2 - 5x + 6 = 0$, so $x = 2$ and $x = 4$.", "x = 4 does not solve"),
    ],
)
def test_a_contradiction_is_told(step, said):
    found = find_contradiction(step)
    assert found is not None
    assert said in found.sentence


@pytest.mark.parametrize(
    "step",
    [
        "2x + 3 = 13, so 2x = 10. Then x = 5.",
        "3x = 10, so x = 3.33.",
        "If x = 1 then all is well; so x = 2.",
        "Either x = 1 or x = 2.",
        "Case 1: x = 1. Case 2: x = 3.",
        r"$x^2 = 4$, so $x = 2$.",
        "x = 1, and y = 2.",
        "Solving ln x = 1/2 gives x = 1.64872. Solving ln x = 1 gives x = 2.71828.",
        r"From $\sin x = 0$ we get $x = 0$ and $x = 180$.",
    ],
)
def test_steps_that_hold_or_tell_cases_apart_are_left_alone(step):
    assert find_contradiction(step) is None
