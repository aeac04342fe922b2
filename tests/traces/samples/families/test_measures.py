from fractions import Fraction

from tests.traces.samples.families.answers import check_answers
from traces.samples.families.measures import CANTEEN, TILES


def test_cups_are_filled_from_litres():
    check_answers(CANTEEN, lambda v: Fraction(v.litres * 1000 - v.spilled, v.cup) - v.guests)


def test_a_floor_is_tiled_in_centimetres():
    check_answers(TILES, lambda v: Fraction(v.length * v.width * 10_000) / v.tile**2 + v.spare)
