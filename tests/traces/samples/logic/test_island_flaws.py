import pytest

from traces.samples.dice import Dice
from traces.samples.logic.deduction import Scene, solve
from traces.samples.logic.island import draw_statements
from traces.samples.logic.island_flaws import MAKERS
from traces.samples.logic.island_prose import Teller

NAMES = ("Ann", "Ben", "Cem", "Dia")
PRONOUNS = ("she", "he", "he", "she")


@pytest.fixture(scope="module")
def tellers() -> list[Teller]:
    dice = Dice(9)
    scenes = [Scene(4, draw_statements(4, dice)) for _ in range(80)]
    return [Teller(scene, NAMES, PRONOUNS) for scene in scenes]


@pytest.mark.parametrize(
    ("kind", "maker"), [(kind, maker) for kind, makers in MAKERS.items() for maker in makers]
)
def test_a_wrong_conclusion_is_another_text_with_a_reason(tellers, kind, maker):
    dice = Dice(1)
    conclusions = [
        (deduction, wrong)
        for teller in tellers
        for deduction in solve(teller.scene) or ()
        if (wrong := maker(teller, deduction, dice))
    ]
    assert conclusions
    for deduction, wrong in conclusions:
        assert wrong.kind in MAKERS
        assert wrong.text.endswith(".")
        assert wrong.explanation.endswith((".", "”"))
        assert any(name in wrong.text for name in NAMES)
        if kind in ("misreading", "context"):
            assert wrong.roles != deduction.roles


def test_believing_a_knave_makes_a_lie_the_truth(tellers):
    believe = MAKERS["logical"][0]
    for teller in tellers:
        for deduction in solve(teller.scene) or ():
            wrong = believe(teller, deduction, Dice(1))
            if wrong is not None:
                assert (deduction.how, deduction.believed) == ("known", False)
                statement = teller.scene.statements[deduction.person]
                assert teller.clause(statement, False) in wrong.explanation
