from dataclasses import replace

from traces.samples.attempt import Attempt
from traces.samples.dice import Dice
from traces.samples.drawn_problem import DrawnProblem
from traces.samples.families.arithmetic import BAKERY
from traces.samples.voices import VOICES


def places(lean: float) -> list[int]:
    dice = Dice(1)
    voice = replace(VOICES["sample-careful"], lean=lean)
    attempt = Attempt(DrawnProblem(BAKERY, dice), [], voice, "plain", dice)
    return [attempt.place(5) for _ in range(500)]


def test_errors_lean_towards_the_first_or_the_last_steps():
    early, late = places(2.0), places(0.5)
    assert set(early) == set(late) == {0, 1, 2, 3, 4}
    assert sum(early) / 500 < 1.6 < 2.4 < sum(late) / 500
