from fractions import Fraction

from tests.traces.samples.families.answers import check_answers
from traces.samples.families.money import HARVEST, SALE, WAGES


def test_a_price_is_reduced_and_taxed():
    def paid(v):
        return (v.price * Fraction(100 - v.off, 100) - v.coupon) * Fraction(100 + v.tax, 100)

    check_answers(SALE, paid)


def test_overtime_is_paid_half_as_much_again():
    check_answers(
        WAGES,
        lambda v: v.normal * v.wage + (v.hours - v.normal) * v.wage * Fraction(3, 2) - v.rent,
    )


def test_the_plants_that_are_left_fill_crates():
    check_answers(HARVEST, lambda v: v.rows * v.plants * Fraction(100 - v.lost, 100) / v.crates)
