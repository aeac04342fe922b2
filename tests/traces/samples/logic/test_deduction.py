from traces.samples.dice import Dice
from traces.samples.logic.deduction import Scene, solve
from traces.samples.logic.island import (
    draw_statements,
    everywhere,
    fitting_worlds,
    plain,
    sayable,
)


def spoken(size: int, speaker: int, speech: str):
    return next(s for s in sayable(size, speaker) if s.speech == speech)


def test_a_knave_can_not_claim_to_be_one():
    scene = Scene(2, (spoken(2, 0, "{1} and I are both knaves."), plain(2, 0, knight=True)))
    first = scene.next_deduction(everywhere(2))
    assert (first.how, first.person, first.roles) == ("speaker", 0, ((0, False),))
    worlds = scene.after(first)
    assert scene.role_in(worlds, 0) is False
    assert scene.unknown(worlds) == [1]
    second = scene.next_deduction(worlds)
    assert (second.how, second.roles, second.believed) == ("known", ((1, True),), False)
    assert [step.how for step in solve(scene)] == ["speaker", "known"]


def test_the_same_conclusion_for_both_kinds_of_speaker_needs_no_assumption():
    same = spoken(2, 0, "{1} and I are of the same kind.")
    scene = Scene(2, (same, plain(2, 0, knight=False)))
    either = scene.look_at(everywhere(2), 0)
    assert (either.how, either.roles) == ("either", ((1, True),))


def test_a_statement_that_adds_nothing_gives_no_deduction():
    scene = Scene(2, (plain(2, 1, knight=True), plain(2, 0, knight=True)))
    assert scene.look_at(everywhere(2), 0) is None
    assert scene.next_deduction(everywhere(2)) is None


def test_an_assumption_is_refuted_by_a_clash():
    dice = Dice(1)
    while True:
        scene = Scene(4, draw_statements(4, dice))
        steps = solve(scene)
        if steps and any(step.how == "suppose" for step in steps):
            break
    start = next(i for i, step in enumerate(steps) if step.how == "suppose")
    end = next(i for i, step in enumerate(steps) if i > start and step.how == "clash")
    person, knight = steps[start].roles[0]
    assert all(step.supposed == (person, knight) for step in steps[start : end + 1])
    truth = fitting_worlds(4, scene.statements)
    assert scene.role_in(truth, person) is not knight


def test_solutions_lead_to_the_one_fitting_world():
    dice = Dice(2)
    solved = 0
    for _ in range(60):
        scene = Scene(4, draw_statements(4, dice))
        steps = solve(scene)
        if steps is None:
            continue
        truth = fitting_worlds(4, scene.statements)
        for step in steps:
            if step.supposed is None:
                assert all(scene.role_in(truth, person) is kind for person, kind in step.roles)
        solved += 1
    assert solved > 30
