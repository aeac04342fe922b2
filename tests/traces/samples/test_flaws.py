from dataclasses import replace

import pytest

from traces.samples.attempt import Attempt, Flaw
from traces.samples.dice import Dice
from traces.samples.drawn_problem import DrawnProblem
from traces.samples.families.algebra import LINEAR
from traces.samples.families.arithmetic import BAKERY
from traces.samples.flaws import find_flaw, in_maths
from traces.samples.voices import VOICES


def flaws(kind: str, template=LINEAR, count: int = 60) -> list[tuple[DrawnProblem, Flaw]]:
    """Flaws of one kind, each with its problem."""
    dice = Dice(7)
    voice = replace(VOICES["sample-careful"], kinds={kind: 1})
    pairs = []
    for _ in range(count):
        problem = DrawnProblem(template, dice)
        wording = [move.wordings[0] for move in problem.moves]
        flaw = find_flaw(Attempt(problem, wording, voice, "dollar", dice))
        if flaw is not None:
            pairs.append((problem, flaw))
    return pairs


@pytest.mark.parametrize(
    "kind", ["calculation", "numeric", "misreading", "completeness", "logical", "conceptual"]
)
def test_a_flaw_is_of_the_kind_that_was_drawn(kind):
    pairs = flaws(kind)
    assert len(pairs) > 20
    for problem, flaw in pairs:
        assert flaw.kind == kind
        assert 0 <= flaw.index < len(problem.moves)
        assert flaw.explanation[0] in "$ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        assert flaw.explanation.endswith(".")


def test_tainted_values_are_exactly_the_wrong_ones():
    for problem, flaw in flaws("calculation"):
        wrong = {name for name in problem.values if flaw.shown[name] != problem.shown[name]}
        assert wrong == flaw.tainted
        assert problem.moves[flaw.index].gives in flaw.tainted
        assert flaw.shown["answer"] == flaw.shown[problem.answer_name]
        assert (flaw.shown["answer"] == problem.answer) == (
            flaw.cancels or problem.answer_name not in flaw.tainted
        )


def test_a_misread_number_is_one_of_the_problem():
    for problem, flaw in flaws("misreading"):
        assert any(name in flaw.tainted for name in problem.givens)


def test_an_attempt_may_stop_one_move_early():
    stopping = [(problem, flaw) for problem, flaw in flaws("completeness", BAKERY) if flaw.stops]
    assert stopping
    for problem, flaw in stopping:
        before_last = problem.moves[-2].gives
        assert flaw.index == len(problem.moves) - 1
        assert flaw.shown["answer"] == problem.shown[before_last] != problem.answer
        assert problem.template.missing in flaw.explanation


def test_a_kind_that_the_template_can_not_make_gives_no_flaw():
    assert flaws("poetry") == []


@pytest.mark.parametrize(
    ("notation", "text"), [("plain", "2 + 2"), ("paren", r"\(2 + 2\)"), ("dollar", "$2 + 2$")]
)
def test_mathematics_has_the_delimiters_of_its_notation(notation, text):
    assert in_maths("2 + 2", notation) == text
