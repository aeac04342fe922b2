"""The problems of the loop: chains of + - × on digits, of which the truth is known.

    problem   7+8*2-9            from left to right, of every result the last digit
    steps     7+8=5, 5*2=0, 0-9=1

Each sign is a table of a hundred facts, and a policy that has seen some of the facts only has
something left to learn from its own attempts.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

MODULUS = 10
SIGNS = "+-*"
LENGTH = 3

Fact = tuple[int, str, int]


class Problem(Protocol):
    """What the loop asks of a problem."""

    @property
    def text(self) -> str: ...

    @property
    def answer(self) -> str: ...

    def earliest_error(self, steps: Iterable[str]) -> int:
        """0-based, -1 for none. A trace with too few or too many steps errs where that shows."""


@dataclass(frozen=True, slots=True)
class Sum:
    """`parts` are the signs in order, each with its right operand."""

    first: int
    parts: tuple[tuple[str, int], ...]

    @property
    def text(self) -> str:
        return str(self.first) + "".join(f"{sign}{b}" for sign, b in self.parts)

    @property
    def steps(self) -> list[str]:
        """The right ones."""
        return worked(self, value_of)

    @property
    def answer(self) -> str:
        return self.steps[-1].partition("=")[2]

    def earliest_error(self, steps: Iterable[str]) -> int:
        right, given = self.steps, list(steps)
        for place, (step, truth) in enumerate(zip(given, right, strict=False)):
            if step != truth:
                return place
        return -1 if len(given) == len(right) else min(len(given), len(right)) - 1

    @property
    def facts(self) -> list[Fact]:
        """Those that the right steps use."""
        found, a = [], self.first
        for sign, b in self.parts:
            found.append((a, sign, b))
            a = value_of(a, sign, b)
        return found


def value_of(a: int, sign: str, b: int) -> int:
    return {"+": a + b, "-": a - b, "*": a * b}[sign] % MODULUS


def smaller_from_larger(a: int, sign: str, b: int) -> int:
    """A misconception that children have too: it never goes below zero."""
    return abs(a - b) if sign == "-" else value_of(a, sign, b)


def worked(problem: Sum, compute: Callable[[int, str, int], int]) -> list[str]:
    """The steps of somebody who computes like that."""
    steps, a = [], problem.first
    for sign, b in problem.parts:
        c = compute(a, sign, b)
        steps.append(f"{a}{sign}{b}={c}")
        a = c
    return steps


def known_facts(share: float, seed: int) -> frozenset[Fact]:
    """The facts that the base policy is taught."""
    digits = range(MODULUS)
    facts = [(a, sign, b) for a in digits for sign in SIGNS for b in digits]
    chosen = random.Random(seed).sample(facts, round(share * len(facts)))  # noqa: S311
    return frozenset(chosen)


def sums(
    count: int, seed: int, *, without: Iterable[Sum] = (), facts: frozenset[Fact] | None = None
) -> list[Sum]:
    """That many different ones, none of `without`; with `facts`, no other fact is needed."""
    chance = random.Random(seed)  # noqa: S311 problems, not secrets
    taken = set(without)
    found: list[Sum] = []
    while len(found) < count:
        problem = _drawn(chance)
        if problem in taken or (facts is not None and not facts.issuperset(problem.facts)):
            continue
        taken.add(problem)
        found.append(problem)
    return found


def _drawn(chance: random.Random) -> Sum:
    parts = tuple((chance.choice(SIGNS), chance.randrange(MODULUS)) for _ in range(LENGTH))
    return Sum(chance.randrange(MODULUS), parts)
