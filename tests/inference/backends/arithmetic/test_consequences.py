"""A false equation counts if the rest of the trace depends on it."""

import pytest

from inference.backends.arithmetic.claims import false_claims
from inference.backends.arithmetic.consequences import has_consequences


def counts(*steps: str) -> bool:
    (claim,) = false_claims(steps[0])
    return has_consequences(steps, 0, claim)


def test_a_number_that_is_used_later_counts():
    assert counts("So 7 * 8 = 54.", "Then 54 + 1 = 55.")


def test_the_last_calculation_counts():
    assert counts("So 7 * 8 = 54.")
    assert counts("So 7 * 8 = 54.", "We are done.")


@pytest.mark.parametrize("rest", ["Then 56 + 1 = 57.", "Then 3 + 4 = 7."])
def test_a_number_that_never_comes_back_does_not(rest: str):
    assert not counts("So 7 * 8 = 54.", rest)


def test_a_number_that_is_explained_later_does_not():
    assert not counts("So 7 * 12 = 91.", "91 = 7 * 13")
