from fractions import Fraction
from math import isqrt

from tests.traces.samples.families.answers import check_answers
from traces.samples.families.geometry import BOX, RING, TRIANGLE


def test_the_perimeter_of_a_right_triangle_is_multiplied():
    check_answers(TRIANGLE, lambda v: v.t * (v.a + v.b + isqrt(v.a**2 + v.b**2)))


def test_the_area_of_a_ring_is_a_multiple_of_pi():
    check_answers(
        RING, lambda v: (Fraction(v.diameter, 2) + v.path) ** 2 - Fraction(v.diameter, 2) ** 2
    )


def test_an_open_box_has_five_faces():
    check_answers(BOX, lambda v: v.n * (v.a * v.b + 2 * v.c * (v.a + v.b)))
