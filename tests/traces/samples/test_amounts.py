from fractions import Fraction

import pytest

from traces.samples.amounts import as_decimal, as_fraction, as_money, quotient, rounded_up


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (12, "12"),
        (Fraction(3, 1), "3"),
        (Fraction(1, 20), "0.05"),
        (Fraction(-5, 2), "-2.5"),
        (Fraction(1, 3), r"\frac{1}{3}"),
    ],
)
def test_a_decimal_is_exact_or_a_fraction(value, written):
    assert as_decimal(value) == written


@pytest.mark.parametrize(
    ("value", "written"), [(4, "4"), (Fraction(9, 2), "4.50"), (Fraction(9, 4), "2.25")]
)
def test_money_has_two_decimals_or_none(value, written):
    assert as_money(value) == written


def test_a_fraction_is_written_in_latex_with_its_sign_in_front():
    assert as_fraction(Fraction(-3, 4)) == r"-\frac{3}{4}"
    assert as_fraction(Fraction(6, 2)) == "3"


def test_a_quotient_is_whole_where_it_comes_out_even():
    assert quotient(12, 4) == 3 and type(quotient(12, 4)) is int
    assert quotient(10, 4) == Fraction(5, 2)


def test_a_remainder_takes_one_more():
    assert [rounded_up(total, 5) for total in (10, 11, 15)] == [2, 3, 3]
