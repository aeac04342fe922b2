"""Knights, who tell the truth, knaves, who lie, and their statements about each other.

A world fixes the kind of each person: bit p of its number is set if person p is a knight. A set of
worlds is an integer too, with bit w set if world w is in it, so that a few `&` check a puzzle over
all its worlds.
"""

from dataclasses import dataclass
from functools import cache

from traces.samples.dice import Dice


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement in direct speech, and the clauses that hold if it is true or false.

    The texts have gaps {0}, {1}... for names. `holds` is the set of worlds in which it is true.
    `people` are the people that it is about. `settles` tells for (false, true) if the clause
    already names everybody's kind. `about` is the person of the two plain statements, or None.
    """

    speech: str
    if_true: str
    if_false: str
    holds: int
    people: tuple[int, ...]
    settles: tuple[bool, bool]
    about: int | None = None

    def clause(self, believed: bool) -> str:
        """Return the clause that holds if the statement is true or false."""
        return self.if_true if believed else self.if_false


NUMBERS = ("none", "one", "two", "three", "four", "five", "six")


@cache
def everywhere(size: int) -> int:
    """Return the set of all worlds of `size` people."""
    return (1 << (1 << size)) - 1


@cache
def knight_worlds(size: int) -> tuple[int, ...]:
    """Return for each person the set of worlds in which that person is a knight."""
    return tuple(
        sum(1 << world for world in range(1 << size) if world >> person & 1)
        for person in range(size)
    )


def plain(size: int, about: int, knight: bool) -> Statement:
    """Return the plain statement that a person is a knight or a knave."""
    kinds = ("knight", "knave") if knight else ("knave", "knight")
    worlds = knight_worlds(size)[about]
    return Statement(
        speech=f"{{{about}}} is a {kinds[0]}.",
        if_true=f"{{{about}}} is a {kinds[0]}",
        if_false=f"{{{about}}} is a {kinds[1]}",
        holds=worlds if knight else everywhere(size) & ~worlds,
        people=(about,),
        settles=(True, True),
        about=about,
    )


def _with_speaker(size: int, me: int, other: int) -> list[Statement]:
    my, your = knight_worlds(size)[me], knight_worlds(size)[other]
    same = everywhere(size) & ~(my ^ your)
    a, b = f"{{{me}}}", f"{{{other}}}"
    alike, unlike = f"{a} and {b} are of the same kind", f"{a} and {b} are of different kinds"
    knaves, knights = f"{a} and {b} are both knaves", f"{a} and {b} are both knights"
    pair = (me, other)
    return [
        Statement(f"{b} and I are of the same kind.", alike, unlike, same, pair, (False, False)),
        Statement(f"{b} and I are not of the same kind.", unlike, alike, my ^ your, pair,
                  (False, False)),
        Statement(f"{b} and I are both knaves.", knaves, f"at least one of {a} and {b} is a knight",
                  everywhere(size) & ~(my | your), pair, (False, True)),
        Statement(f"At least one of {b} and me is a knave.",
                  f"at least one of {a} and {b} is a knave", knights,
                  everywhere(size) & ~(my & your), pair, (True, False)),
    ]  # fmt: skip


def _about_two(size: int, left: int, right: int) -> list[Statement]:
    first, second = knight_worlds(size)[left], knight_worlds(size)[right]
    all_worlds = everywhere(size)
    a, b = f"{{{left}}}", f"{{{right}}}"
    alike, unlike = f"{a} and {b} are of the same kind", f"{a} and {b} are of different kinds"
    pair = (left, right)
    return [
        Statement(f"{a} and {b} are of the same kind.", alike, unlike,
                  all_worlds & ~(first ^ second), pair, (False, False)),
        Statement(f"Exactly one of {a} and {b} is a knight.", unlike, alike, first ^ second, pair,
                  (False, False)),
        Statement(f"{a} is a knave or {b} is a knight.", f"{a} is a knave or {b} is a knight",
                  f"{a} is a knight and {b} is a knave", all_worlds & ~first | second, pair,
                  (True, False)),
        Statement(f"If {a} is a knight, then {b} is a knave.",
                  f"if {a} is a knight, then {b} is a knave",
                  f"{a} is a knight and so is {b}", all_worlds & ~(first & second), pair,
                  (True, False)),
        Statement(f"{a} and {b} are both knights.", f"{a} and {b} are both knights",
                  f"at least one of {a} and {b} is a knave", first & second, pair, (False, True)),
    ]  # fmt: skip


def _counted(size: int, knights: int) -> Statement:
    worlds = sum(1 << world for world in range(1 << size) if world.bit_count() == knights)
    verb = "is a knight" if knights == 1 else "are knights"
    number = NUMBERS[knights]
    return Statement(
        f"Exactly {number} of us {verb}.",
        f"exactly {number} of the {NUMBERS[size]} {verb}",
        f"the number of knights is not {number}",
        worlds,
        tuple(range(size)),
        (False, False),
    )


@cache
def sayable(size: int, speaker: int) -> tuple[Statement, ...]:
    """Return the statements that the person may make, the plain ones twice."""
    others = [person for person in range(size) if person != speaker]
    statements: list[Statement] = []
    for other in others:
        statements += 2 * [plain(size, other, knight=True), plain(size, other, knight=False)]
        statements += _with_speaker(size, speaker, other)
        for third in others:
            if third != other:
                statements += _about_two(size, other, third)
    if size > 2:
        statements += [_counted(size, knights) for knights in range(1, size)]
    return tuple(statements)


def fitting_worlds(size: int, statements: tuple[Statement, ...]) -> int:
    """Return the worlds in which every knight's statement is true and every knave's is false."""
    worlds = everywhere(size)
    for knight, statement in zip(knight_worlds(size), statements, strict=True):
        worlds &= ~(knight ^ statement.holds)
    return worlds


def draw_statements(size: int, dice: Dice) -> tuple[Statement, ...]:
    """Return a statement for each person such that exactly one world fits them all."""
    while True:
        statements = tuple(dice.pick(sayable(size, speaker)) for speaker in range(size))
        if has_one_solution(size, statements):
            return statements


def has_one_solution(size: int, statements: tuple[Statement, ...]) -> bool:
    """Return True if exactly one world fits all statements."""
    worlds = fitting_worlds(size, statements)
    return bool(worlds) and not worlds & (worlds - 1)
