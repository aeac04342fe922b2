"""What a family writes down about one kind of problem: question, moves, likely mistakes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from traces.samples.amounts import Number
from traces.samples.dice import Dice
from traces.samples.phrasing import Phrase, phrase, phrases

Rule = Callable[[SimpleNamespace], Number]


@dataclass(frozen=True, slots=True, eq=False)
class Wrong:
    """A mistake that somebody could make in place of a move: its kind, what it finds and says.

    `why` is the judge's explanation, said with the true values.
    """

    kind: str
    rule: Rule
    says: Phrase
    why: Phrase


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """One step of a solution: it finds the value called `gives` and has several ways to say so.

    The first phrase is the tersest, `fuller` the others. A move that gives "" is a remark.
    """

    gives: str
    rule: Rule
    says: tuple[Phrase, ...]
    fuller: tuple[Phrase, ...]
    wrong: tuple[Wrong, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """One kind of problem.

    `draw` gives the problem's values, names and numbers alike; a draw whose moves lead to numbers
    that nobody would set in a problem is drawn again. `concludes` is the closing clause.
    `missing` says what is left out when a solution stops before its last move; "" where the move
    before the last does not give an amount that could pass for the answer.
    """

    name: str
    subset: str
    draw: Callable[[Dice], dict[str, Any]]
    asks: tuple[Phrase, ...]
    goals: tuple[Phrase, ...]
    moves: tuple[Move, ...]
    concludes: tuple[Phrase, ...]
    missing: str = ""
    length: str = ""  # the value that says how many of `moves` a problem uses; "" for all
    whole: bool = True  # every number is a whole number, in wrong solutions too
    fractions: bool = False  # numbers that are not whole are written as fractions
    typeset: bool = False  # always LaTeX, whoever writes
    positive: bool = True
    money: frozenset[str] = field(default_factory=frozenset)

    def moves_for(self, values: dict[str, Any]) -> Sequence[Move]:
        return self.moves[: values[self.length]] if self.length else self.moves


def move(gives: str, rule: Rule, *says: str, wrong: tuple[Wrong, ...] = ()) -> Move:
    said = phrases(says, gives)
    return Move(gives, rule, said, said[1:] or said, wrong)


def wrong(kind: str, rule: Rule, says: str, why: str) -> Wrong:
    return Wrong(kind, rule, phrase(says), phrase(why))


def said(*texts: str) -> tuple[Phrase, ...]:
    return phrases(texts)
