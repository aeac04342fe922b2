"""Wrong numbers that people and models plausibly write instead of the right one."""

from fractions import Fraction

from traces.samples.amounts import Number, decimal_places, tidy
from traces.samples.dice import Dice


def slipped(right: Number, dice: Dice) -> Number:
    """Return a wrong result near the right one, of the same sign."""
    if type(right) is not int:
        return _slipped_fraction(right, dice)
    if right < 0:
        return -slipped(-right, dice)
    if right < 12:
        return right + 1 if right < 3 or dice.chance(0.5) else right - 1
    shift = dice.pick(_SHIFTS_LARGE if right > 120 else _SHIFTS)
    return right + shift


_SHIFTS = (-2, -1, 1, 2, 10, -10, 2, -2, 4, -6, 6)
_SHIFTS_LARGE = (-100, -10, -10, -1, 1, 10, 10, 100, -20, 20, 2, -2)


def _slipped_fraction(right: Number, dice: Dice) -> Number:
    places = decimal_places(right)
    if places is None:
        step = Fraction(1 if dice.chance(0.5) or right.numerator < 2 else -1, right.denominator)
    else:
        step = Fraction(dice.pick((1, -1, 2, -2, 10)), 10 ** min(places, 1))
    moved = right + step
    return tidy(moved if moved != 0 else right - step)


def misread(right: Number, dice: Dice) -> Number:
    """Return the number with two digits swapped or one digit changed."""
    if type(right) is not int:
        return slipped(right, dice)
    digits = str(abs(right))
    if len(digits) > 1 and digits[0] != digits[1] and digits[1] != "0" and dice.chance(0.5):
        read = int(digits[1] + digits[0] + digits[2:])
    elif digits[-1] == "0" and len(digits) > 1:
        read = abs(right) + dice.pick((10, -10, 5)) * 10 ** (len(digits) - 2)
    else:
        read = abs(right) + dice.pick((1, -1, 2, 3))
    if read <= 1 or read == abs(right):
        read = abs(right) + 2
    return read if right > 0 else -read


def point_moved(right: Number, dice: Dice) -> Number:
    """Return the number with its decimal point one place off: ten times or a tenth."""
    if type(right) is int and right % 10:
        return right * 10
    return tidy(Fraction(right) * (Fraction(1, 10) if dice.chance(0.4) else 10))
