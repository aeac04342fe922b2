from fractions import Fraction

from tests.traces.samples.families.answers import check_answers
from traces.samples.families.units import DOWNLOAD, JOURNEY


def test_a_journey_counts_moving_time_in_hours():
    check_answers(JOURNEY, lambda v: v.speed * Fraction(v.minutes - v.pause, 60) + v.stretch)


def test_a_download_counts_bits_and_minutes():
    check_answers(DOWNLOAD, lambda v: Fraction((v.size * 1000 - v.done) * 8, v.line * 60))
