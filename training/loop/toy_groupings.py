"""Problems with many right answers: digits brought together by one sign, two at a time.

    problem   3+8+5
    steps     8+5=3, 3+3=6      or 5+3=8, 8+8=6, and so on

Each step takes two of the digits that are left and puts their sum or product back, of it the last
digit. The order is free, so six digits have some 86,000 right ways and one right answer.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass

from training.loop.toy_arithmetic import MODULUS, value_of

SIGNS = "+*"  # the order matters to neither
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Gathering:
    sign: str
    digits: tuple[int, ...]

    @property
    def text(self) -> str:
        return self.sign.join(map(str, self.digits))

    @property
    def answer(self) -> str:
        return self.steps(random.Random(0))[-1].partition("=")[2]  # noqa: S311 any way will do

    def steps(self, chance: random.Random) -> list[str]:
        """One of the right ways."""
        left, found = list(self.digits), []
        while len(left) > 1:
            a, b = (left.pop(chance.randrange(len(left))) for _ in range(2))
            c = value_of(a, self.sign, b)
            found.append(f"{a}{self.sign}{b}={c}")
            left.append(c)
        return found

    def earliest_error(self, steps: Iterable[str]) -> int:
        left, given = list(self.digits), list(steps)
        for place, step in enumerate(given):
            if len(left) == 1:
                return place - 1
            if not self._takes(left, step):
                return place
        return -1 if len(left) == 1 else len(given) - 1

    def _takes(self, left: list[int], step: str) -> bool:
        """Whether the step is right with what is left, which it changes."""
        for a in set(left):
            others = list(left)
            others.remove(a)
            for b in set(others):
                c = value_of(a, self.sign, b)
                if step == f"{a}{self.sign}{b}={c}":
                    others.remove(b)
                    left[:] = [*others, c]
                    return True
        return False


def gathering(text: str) -> Gathering:
    """The problem that a text states."""
    return Gathering(text[1], tuple(map(int, text[::2])))


def gatherings(count: int, seed: int, *, without: Iterable[Gathering] = ()) -> list[Gathering]:
    """That many different ones, none of `without`."""
    chance = random.Random(seed)  # noqa: S311 problems, not secrets
    taken = set(without)
    found: list[Gathering] = []
    while len(found) < count:
        digits = tuple(chance.randrange(MODULUS) for _ in range(DIGITS))
        problem = Gathering(chance.choice(SIGNS), digits)
        if problem not in taken:
            taken.add(problem)
            found.append(problem)
    return found
