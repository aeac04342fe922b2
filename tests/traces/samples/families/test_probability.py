from fractions import Fraction

from tests.traces.samples.families.answers import check_answers
from traces.samples.families.probability import SPINNER, TWO_ALIKE


def test_two_draws_without_replacement_have_one_colour():
    def alike(v):
        total = v.r + v.b
        return Fraction(v.r * (v.r - 1) + v.b * (v.b - 1), total * (total - 1))

    check_answers(TWO_ALIKE, alike)


def test_a_prize_is_expected_from_two_spins():
    check_answers(SPINNER, lambda v: (1 - Fraction(v.n - v.k, v.n) ** 2) * v.prize)
