from fractions import Fraction
from math import ceil

from tests.traces.samples.families.answers import check_answers
from traces.samples.families.arithmetic import BAKERY, COLLECTION, READING, TRIP


def test_a_bakery_sells_full_boxes():
    check_answers(BAKERY, lambda v: Fraction(v.trays * v.each - v.given, v.box) * v.price)


def test_a_collection_is_shared_equally():
    def album(v):
        second = v.first * v.times
        return Fraction(v.first + second + second - v.fewer, v.friends)

    check_answers(COLLECTION, album)


def test_a_trip_pays_for_whole_coaches():
    check_answers(TRIP, lambda v: ceil((v.classes * v.pupils + v.adults) / v.seats) * v.fare)


def test_a_book_is_finished_in_the_days_that_are_left():
    check_answers(
        READING, lambda v: Fraction(v.pages - v.daily * v.days - 2 * v.weekend, v.left_days)
    )
