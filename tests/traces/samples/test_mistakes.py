from fractions import Fraction

import pytest

from traces.samples.dice import Dice
from traces.samples.mistakes import misread, point_moved, slipped


@pytest.mark.parametrize(
    "right", [1, 2, 7, 11, 12, 60, 345, 12_000, -5, -340, Fraction(1, 3), Fraction(9, 4)]
)
@pytest.mark.parametrize("mistake", [slipped, misread])
def test_a_mistake_is_near_and_never_right(mistake, right):
    dice = Dice(1)
    for _ in range(100):
        wrong = mistake(right, dice)
        assert wrong != right
        if type(right) is int:
            assert type(wrong) is int
            assert (wrong > 0) == (right > 0)
        else:
            assert abs(wrong - right) <= 10


def test_a_number_is_misread_by_swapped_or_changed_digits():
    dice = Dice(2)
    assert {misread(37, dice) for _ in range(200)} == {73, 36, 38, 39, 40}
    assert {misread(120, dice) for _ in range(200)} <= {210, 220, 20, 170}


def test_a_decimal_point_moves_by_one_place():
    dice = Dice(3)
    assert {point_moved(35, dice) for _ in range(50)} == {350}
    assert {point_moved(40, dice) for _ in range(50)} == {4, 400}
    assert {point_moved(Fraction(5, 4), dice) for _ in range(50)} == {
        Fraction(1, 8),
        Fraction(25, 2),
    }
