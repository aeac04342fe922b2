"""The problems of the loop: chains of + - × on the numbers 0 to 99, of which the truth is known.

    problem   70+83*21-90       7 + 38, times 12, minus 9, all modulo 100, from left to right
    steps     70+83=54, 54*21=04, 04-90=13

Numbers have two digits, units first, so that a carry goes the way that a model writes.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass

MODULUS = 100
OPERATIONS = "+-*"
LENGTH = 3
MISCONCEPTION = "forgets the carry"


@dataclass(frozen=True, slots=True)
class Sum:
    """`parts` are the operations in order, with their right operand."""

    first: int
    parts: tuple[tuple[str, int], ...]

    @property
    def text(self) -> str:
        return written(self.first) + "".join(f"{sign}{written(b)}" for sign, b in self.parts)

    @property
    def steps(self) -> list[str]:
        """The right ones."""
        return self._steps(value_of)

    @property
    def misconceived(self) -> list[str]:
        """As somebody does it who forgets every carry and borrow."""
        return self._steps(carryless)

    @property
    def answer(self) -> str:
        return self.steps[-1].partition("=")[2]

    def _steps(self, compute: Callable[[int, str, int], int]) -> list[str]:
        steps, a = [], self.first
        for sign, b in self.parts:
            c = compute(a, sign, b)
            steps.append(f"{written(a)}{sign}{written(b)}={written(c)}")
            a = c
        return steps


def written(number: int) -> str:
    """Two digits, units first."""
    return f"{number % 10}{number // 10}"


def value_of(a: int, sign: str, b: int) -> int:
    return {"+": a + b, "-": a - b, "*": a * b}[sign] % MODULUS


def carryless(a: int, sign: str, b: int) -> int:
    """Digit by digit, nothing carried from the units to the tens."""
    (a0, a1), (b0, b1) = (a % 10, a // 10), (b % 10, b // 10)
    if sign == "*":
        units, tens = a0 * b0, a0 * b1 + a1 * b0
    else:
        units, tens = value_of(a0, sign, b0), value_of(a1, sign, b1)
    return units % 10 + 10 * (tens % 10)


def earliest_error(problem: Sum, steps: Iterable[str]) -> int:
    """0-based, -1 for none. A trace with steps missing or too many errs where that shows."""
    right = problem.steps
    given = list(steps)
    for place, (step, truth) in enumerate(zip(given, right, strict=False)):
        if step != truth:
            return place
    return -1 if len(given) == len(right) else min(len(given), len(right)) - 1


def known_products(share: float, seed: int) -> frozenset[tuple[int, int]]:
    """The pairs of factors that the base policy is taught."""
    pairs = [(a, b) for a in range(MODULUS) for b in range(MODULUS)]
    return frozenset(random.Random(seed).sample(pairs, round(share * len(pairs))))  # noqa: S311


def sums(
    count: int,
    seed: int,
    *,
    without: Iterable[Sum] = (),
    products: frozenset[tuple[int, int]] | None = None,
) -> list[Sum]:
    """That many different ones, none of `without`; with `products`, no other pair is multiplied."""
    chance = random.Random(seed)  # noqa: S311 problems, not secrets
    taken = set(without)
    found: list[Sum] = []
    while len(found) < count:
        problem = _drawn(chance)
        if problem in taken or not _keeps_to(products, problem):
            continue
        taken.add(problem)
        found.append(problem)
    return found


def _drawn(chance: random.Random) -> Sum:
    parts = tuple((chance.choice(OPERATIONS), chance.randrange(MODULUS)) for _ in range(LENGTH))
    return Sum(chance.randrange(MODULUS), parts)


def _keeps_to(products: frozenset[tuple[int, int]] | None, problem: Sum) -> bool:
    a = problem.first
    for sign, b in problem.parts:
        if sign == "*" and products is not None and (a, b) not in products:
            return False
        a = value_of(a, sign, b)
    return True
