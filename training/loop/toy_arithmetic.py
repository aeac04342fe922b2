"""Toy problems with a known truth: chains of + - × on digits.

    problem   7+8*2-9            evaluated from left to right, keeping each result's last digit
    steps     7+8=5, 5*2=0, 0-9=1

Each operator is a table of a hundred facts. A policy that was taught only some of the facts can
learn the others from its own attempts.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

MODULUS = 10
OPERATORS = "+-*"
LENGTH = 3

Fact = tuple[int, str, int]


class Problem(Protocol):
    """A toy problem."""

    @property
    def text(self) -> str: ...

    @property
    def answer(self) -> str: ...

    def earliest_error(self, steps: Iterable[str]) -> int:
        """Return the 0-based index of the first wrong step, -1 for none.

        In a trace with too few or too many steps, the last step that fits is the error.
        """


@dataclass(frozen=True, slots=True)
class ArithmeticChain:
    """A first digit and the operations on it: each an operator with its right operand."""

    first: int
    operations: tuple[tuple[str, int], ...]

    @property
    def text(self) -> str:
        return str(self.first) + "".join(f"{operator}{b}" for operator, b in self.operations)

    @property
    def steps(self) -> list[str]:
        """The correct steps."""
        return solve_steps(self, evaluate)

    @property
    def answer(self) -> str:
        return self.steps[-1].partition("=")[2]

    def earliest_error(self, steps: Iterable[str]) -> int:
        """Return the 0-based index of the first wrong step, -1 for none."""
        correct, given = self.steps, list(steps)
        for index, (step, truth) in enumerate(zip(given, correct, strict=False)):
            if step != truth:
                return index
        return -1 if len(given) == len(correct) else min(len(given), len(correct)) - 1

    @property
    def facts(self) -> list[Fact]:
        """The facts that the correct steps use."""
        facts, a = [], self.first
        for operator, b in self.operations:
            facts.append((a, operator, b))
            a = evaluate(a, operator, b)
        return facts


def evaluate(a: int, operator: str, b: int) -> int:
    """Return the last digit of the result."""
    return {"+": a + b, "-": a - b, "*": a * b}[operator] % MODULUS


def smaller_from_larger(a: int, operator: str, b: int) -> int:
    """Return the result of a common misconception: subtract the smaller number from the larger."""
    return abs(a - b) if operator == "-" else evaluate(a, operator, b)


def solve_steps(problem: ArithmeticChain, compute: Callable[[int, str, int], int]) -> list[str]:
    """Return the steps of a solver that computes with `compute`."""
    steps, a = [], problem.first
    for operator, b in problem.operations:
        c = compute(a, operator, b)
        steps.append(f"{a}{operator}{b}={c}")
        a = c
    return steps


def taught_facts(share: float, seed: int) -> frozenset[Fact]:
    """Return the random share of the facts that the base policy is taught."""
    digits = range(MODULUS)
    facts = [(a, operator, b) for a in digits for operator in OPERATORS for b in digits]
    taught = random.Random(seed).sample(facts, round(share * len(facts)))  # noqa: S311
    return frozenset(taught)


def generate_chains(
    count: int,
    seed: int,
    *,
    without: Iterable[ArithmeticChain] = (),
    facts: frozenset[Fact] | None = None,
) -> list[ArithmeticChain]:
    """Return different problems, none of `without`; with `facts`, they need no other facts."""
    rng = random.Random(seed)  # noqa: S311 problems, not secrets
    taken = set(without)
    chains: list[ArithmeticChain] = []
    while len(chains) < count:
        chain = _random_chain(rng)
        if chain in taken or (facts is not None and not facts.issuperset(chain.facts)):
            continue
        taken.add(chain)
        chains.append(chain)
    return chains


def parse_chain(text: str) -> ArithmeticChain:
    """Return the problem of a text, in which digits and operators alternate."""
    pairs = zip(text[1::2], text[2::2], strict=True)
    return ArithmeticChain(int(text[0]), tuple((operator, int(digit)) for operator, digit in pairs))


def _random_chain(rng: random.Random) -> ArithmeticChain:
    operations = tuple((rng.choice(OPERATORS), rng.randrange(MODULUS)) for _ in range(LENGTH))
    return ArithmeticChain(rng.randrange(MODULUS), operations)
