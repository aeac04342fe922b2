from itertools import product

import pytest

from traces.samples.dice import Dice
from traces.samples.logic.island import (
    draw_statements,
    everywhere,
    fitting_worlds,
    has_one_solution,
    knight_worlds,
    plain,
    sayable,
)

NAMES = ("Ann", "Ben", "Cem", "Dia")


def worlds(worlds: int, size: int) -> set[tuple[bool, ...]]:
    """Return the set of worlds as the kinds of their people, True for a knight."""
    return {
        tuple(bool(world >> person & 1) for person in range(size))
        for world in range(1 << size)
        if worlds >> world & 1
    }


def test_two_people_have_four_worlds():
    assert worlds(everywhere(2), 2) == set(product((True, False), repeat=2))
    assert worlds(knight_worlds(2)[1], 2) == {(True, True), (False, True)}


def test_a_plain_statement_holds_where_the_person_is_of_that_kind():
    statement = plain(3, 2, knight=False)
    assert statement.speech == "{2} is a knave."
    assert statement.clause(True) == "{2} is a knave"
    assert statement.clause(False) == "{2} is a knight"
    assert worlds(statement.holds, 3) == {w for w in worlds(everywhere(3), 3) if not w[2]}


@pytest.mark.parametrize(
    ("speech", "holds"),
    [
        ("{1} and I are of the same kind.", lambda a, b, c: a == b),
        ("{1} and I are both knaves.", lambda a, b, c: not a and not b),
        ("At least one of {1} and me is a knave.", lambda a, b, c: not (a and b)),
        ("Exactly one of {1} and {2} is a knight.", lambda a, b, c: b != c),
        ("If {1} is a knight, then {2} is a knave.", lambda a, b, c: not b or not c),
        ("{1} is a knave or {2} is a knight.", lambda a, b, c: not b or c),
        ("Exactly two of us are knights.", lambda a, b, c: a + b + c == 2),
    ],
)
def test_a_statement_holds_in_the_right_worlds(speech, holds):
    (statement,) = {s for s in sayable(3, 0) if s.speech == speech}
    assert worlds(statement.holds, 3) == {w for w in worlds(everywhere(3), 3) if holds(*w)}


def test_people_do_not_speak_about_themselves_alone():
    for size, speaker in product((2, 3, 4), (0, 1)):
        assert all(statement.about != speaker for statement in sayable(size, speaker))
    assert not [s for s in sayable(2, 0) if s.speech.startswith("Exactly one of us")]


def test_knights_tell_the_truth_in_every_fitting_world():
    # "Ben is a knave", says Ann; "Ann and I are of the same kind", says Ben.
    same = next(s for s in sayable(2, 1) if s.speech == "{0} and I are of the same kind.")
    statements = (plain(2, 1, knight=False), same)
    assert worlds(fitting_worlds(2, statements), 2) == {(True, False)}
    assert has_one_solution(2, statements)
    # Each calls the other a knight: both are, or none is.
    assert not has_one_solution(2, (plain(2, 1, knight=True), plain(2, 0, knight=True)))


def test_drawn_statements_have_one_solution():
    dice = Dice(5)
    for size in (2, 3, 4):
        for _ in range(10):
            statements = draw_statements(size, dice)
            assert len(worlds(fitting_worlds(size, statements), size)) == 1
