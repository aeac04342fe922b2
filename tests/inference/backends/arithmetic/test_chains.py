"""Chains of equal expressions become claims about neighbours."""

import pytest

from inference.backends.arithmetic.chains import claims_of, is_computed
from inference.backends.arithmetic.lexer import tokens_of
from inference.backends.arithmetic.nodes import Group, Number, Product


def claims(text: str) -> list[tuple[str, str, bool]]:
    return [
        (
            text[claim.left.start : claim.left.end],
            text[claim.right.start : claim.right.end],
            claim.approximate,
        )
        for claim in claims_of(tokens_of(text, 0, len(text)))
    ]


def test_a_chain_has_a_claim_for_each_pair_with_a_calculation():
    assert claims("2 * 3 = 6 = 1 + 5") == [("2 * 3", "6", False), ("6", "1 + 5", False)]
    assert claims("5 = 5") == []


def test_relations_may_be_signs_or_words():
    assert claims("10 / 3 ≈ 3.3") == [("10 / 3", "3.3", True)]
    assert claims("so 3 * 4 is 12") == [("3 * 4", "12", False)]


@pytest.mark.parametrize(
    "text",
    ["The number of primes below 3 * 4 is 5", "x + 3 * 4 = 12", "2 * 3 = 600 more than 5"],
)
def test_parts_of_something_longer_are_no_claims(text: str):
    assert claims(text) == []


def test_the_rest_of_the_chain_is_kept():
    text = "1 + 1 = 2 = 2 * 1"
    first, second = claims_of(tokens_of(text, 0, len(text)))
    assert [member.node for member in first.others] == [second.right.node]


def test_a_bare_number_is_not_computed():
    assert not is_computed(Group(Number(5)))
    assert is_computed(Product(()))
