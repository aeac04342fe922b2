"""Templates of problems: the question, the moves of its solution, and likely mistakes."""

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
    """A mistake that replaces a move: its kind, the wrong rule, and its wording.

    `why` is the judge's explanation, filled with the true values.
    """

    kind: str
    rule: Rule
    wording: Phrase
    why: Phrase


@dataclass(frozen=True, slots=True, eq=False)
class Move:
    """One step of a solution: it computes the value called `gives` and has several wordings.

    The first wording is the tersest, `fuller` are the others. A move that gives "" is a remark.
    """

    gives: str
    rule: Rule
    wordings: tuple[Phrase, ...]
    fuller: tuple[Phrase, ...]
    wrong: tuple[Wrong, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """One kind of problem.

    `draw` returns the problem's values, both names and numbers. A draw whose moves lead to numbers
    that no problem would use is repeated. `concludes` is the closing clause. `missing` says what a
    solution leaves out if it stops before its last move; it is "" if the value before the last
    move could not pass for the answer.
    """

    name: str
    subset: str
    draw: Callable[[Dice], dict[str, Any]]
    asks: tuple[Phrase, ...]
    goals: tuple[Phrase, ...]
    moves: tuple[Move, ...]
    concludes: tuple[Phrase, ...]
    missing: str = ""
    length: str = ""  # the name of the value with the number of `moves` to use; "" for all
    whole: bool = True  # every number is a whole number, in wrong solutions too
    fractions: bool = False  # numbers that are not whole are written as fractions
    typeset: bool = False  # LaTeX in every voice
    positive: bool = True
    money: frozenset[str] = field(default_factory=frozenset)

    def moves_for(self, values: dict[str, Any]) -> Sequence[Move]:
        """Return the moves that a problem with these values needs."""
        return self.moves[: values[self.length]] if self.length else self.moves


def move(gives: str, rule: Rule, *texts: str, wrong: tuple[Wrong, ...] = ()) -> Move:
    """Return the move with its texts prepared, the tersest first."""
    prepared = phrases(texts, gives)
    return Move(gives, rule, prepared, prepared[1:] or prepared, wrong)


def wrong(kind: str, rule: Rule, text: str, why: str) -> Wrong:
    """Return the mistake with its texts prepared."""
    return Wrong(kind, rule, phrase(text), phrase(why))


def wordings(*texts: str) -> tuple[Phrase, ...]:
    """Return the prepared alternatives of one text."""
    return phrases(texts)
