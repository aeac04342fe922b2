import pytest

from traces.samples.dice import Dice
from traces.samples.logic.deduction import Scene, solve
from traces.samples.logic.island import everywhere, plain, sayable
from traces.samples.logic.island_prose import Teller, kind, listed

BOTH_KNAVES = next(s for s in sayable(2, 0) if s.speech == "{1} and I are both knaves.")
SCENE = Scene(2, (BOTH_KNAVES, plain(2, 0, knight=True)))
TELLER = Teller(SCENE, ("Ann", "Ben"), ("she", "he"))


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["Ann"], "Ann"),
        (["Ann", "Ben"], "Ann and Ben"),
        (["Ann", "Ben", "Cem"], "Ann, Ben and Cem"),
    ],
)
def test_a_list_ends_with_and(parts, text):
    assert listed(parts) == text


def test_roles_and_pronouns_are_put_into_words():
    assert (kind(True), kind(False)) == ("knight", "knave")
    assert TELLER.roles(((0, False), (1, True))) == "Ann is a knave and Ben is a knight"
    assert TELLER.roles_or_nothing([]) == ""
    assert (TELLER.his(0), TELLER.his(1)) == ("her", "his")
    assert TELLER.clause(BOTH_KNAVES, True) == "Ann and Ben are both knaves"


def test_every_deduction_names_its_conclusion():
    speaker, known = solve(SCENE)
    for seed in range(20):
        first, second = TELLER.say(speaker, Dice(seed)), TELLER.say(known, Dice(seed))
        assert first.endswith(" Ann is a knave.") or first.endswith("Ann must be a knave.")
        assert "Ben is a knight" in second


def test_a_clash_names_the_statement_that_does_not_fit():
    same = next(s for s in sayable(2, 1) if s.speech == "{0} and I are of the same kind.")
    scene = Scene(2, (plain(2, 1, knight=True), same))
    teller = Teller(scene, ("Ann", "Ben"), ("she", "he"))
    worlds = scene.with_role(everywhere(2), (0, False))
    clash = scene.look_at(scene.with_role(worlds, (1, False)), 1, (0, False))
    assert clash.how == "clash"
    text = teller.why_clash(clash)
    assert "Ben" in text and not text.endswith(".")
    assert "Ann is a knight" in teller.say(clash, Dice(1))
