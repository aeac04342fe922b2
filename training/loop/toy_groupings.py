"""Toy problems with many correct solutions: digits combined with one operator, two at a time.

    problem   3+8+5
    steps     8+5=3, 3+3=6      or 5+3=8, 8+8=6, and so on

Each step takes two of the remaining digits and puts the last digit of their sum or product back.
The order is free, so six digits have about 86,000 correct solutions and one correct answer.
"""

import random
from collections.abc import Iterable
from dataclasses import dataclass

from training.loop.toy_arithmetic import MODULUS, evaluate

OPERATORS = "+*"  # commutative and associative
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Grouping:
    """Digits to combine with one operator."""

    operator: str
    digits: tuple[int, ...]

    @property
    def text(self) -> str:
        return self.operator.join(map(str, self.digits))

    @property
    def answer(self) -> str:
        return self.steps(random.Random(0))[-1].partition("=")[2]  # noqa: S311 any order will do

    def steps(self, rng: random.Random) -> list[str]:
        """Return a random correct solution."""
        remaining, steps = list(self.digits), []
        while len(remaining) > 1:
            a, b = (remaining.pop(rng.randrange(len(remaining))) for _ in range(2))
            c = evaluate(a, self.operator, b)
            steps.append(f"{a}{self.operator}{b}={c}")
            remaining.append(c)
        return steps

    def earliest_error(self, steps: Iterable[str]) -> int:
        """Return the 0-based index of the first wrong step, -1 for none."""
        remaining, given = list(self.digits), list(steps)
        for index, step in enumerate(given):
            if len(remaining) == 1:
                return index - 1
            if not self._apply(remaining, step):
                return index
        return -1 if len(remaining) == 1 else len(given) - 1

    def _apply(self, remaining: list[int], step: str) -> bool:
        """Apply a correct step to the remaining digits; return False for a wrong one."""
        for a in set(remaining):
            others = list(remaining)
            others.remove(a)
            for b in set(others):
                c = evaluate(a, self.operator, b)
                if step == f"{a}{self.operator}{b}={c}":
                    others.remove(b)
                    remaining[:] = [*others, c]
                    return True
        return False


def parse_grouping(text: str) -> Grouping:
    """Return the problem of a text."""
    return Grouping(text[1], tuple(map(int, text[::2])))


def generate_groupings(
    count: int, seed: int, *, without: Iterable[Grouping] = ()
) -> list[Grouping]:
    """Return different problems, none of `without`."""
    rng = random.Random(seed)  # noqa: S311 problems, not secrets
    taken = set(without)
    groupings: list[Grouping] = []
    while len(groupings) < count:
        digits = tuple(rng.randrange(MODULUS) for _ in range(DIGITS))
        grouping = Grouping(rng.choice(OPERATORS), digits)
        if grouping not in taken:
            taken.add(grouping)
            groupings.append(grouping)
    return groupings
