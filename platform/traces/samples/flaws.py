"""Choosing what goes wrong in an attempt, and following the wrong value to the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from traces.samples.dice import Dice
from traces.samples.mistakes import misread, point_moved, slipped
from traces.samples.phrasing import Phrase
from traces.samples.template import Template, Wrong
from traces.samples.voices import Voice

if TYPE_CHECKING:
    from traces.samples.problem import WordProblem

# How many ways of going wrong are tried before the attempt is left right after all.
TRIES = 12
# The share of slips after which a second one, in the last move, lands on the right answer.
CANCELLING = 0.08
# A zero too many or too few is noticed in a smaller whole number.
SMALLEST_SHIFTED = 20


@dataclass(frozen=True, slots=True)
class Flaw:
    """What goes wrong at move `index`, and every value as this attempt then writes it.

    `tainted` names the values that differ from the true ones. `stops`: the attempt ends without
    the last move. `cancels`: the last move's result is the true one although it doesn't follow.
    """

    index: int
    kind: str
    says: Phrase
    shown: dict[str, str]
    tainted: frozenset[str]
    explanation: str
    stops: bool = False
    cancels: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """What a flaw is chosen for: the problem, the wording of each move, the voice."""

    problem: WordProblem
    wording: list[Phrase]
    voice: Voice
    notation: str
    dice: Dice

    def place(self, count: int) -> int:
        """One of `count` places, towards the first or the last as the voice leans."""
        return int(count * self.dice.random() ** self.voice.lean)


def find_flaw(attempt: Attempt) -> Flaw | None:
    """A flaw that leads to numbers somebody would write down; None where the dice find none."""
    for _ in range(TRIES):
        kind = attempt.dice.pick(attempt.voice.deck)
        makers = _MAKERS.get(kind, _OTHERWISE)
        flaw = attempt.dice.pick(makers)(attempt, kind)
        if flaw is not None:
            return flaw
    return None


@cache
def _written_out(template: Template, count: int) -> dict[str, list[tuple[int, Wrong]]]:
    """The mistakes that a template writes out itself among its first `count` moves, by kind."""
    found: dict[str, list[tuple[int, Wrong]]] = {}
    for index, move in enumerate(template.moves[:count]):
        for mistake in move.wrong:
            found.setdefault(mistake.kind, []).append((index, mistake))
    return found


def _written(attempt: Attempt, kind: str) -> Flaw | None:
    problem = attempt.problem
    options = _written_out(problem.template, len(problem.moves)).get(kind)
    if not options:
        return None
    index, mistake = options[attempt.place(len(options))]
    explanation = mistake.why.forms[attempt.notation] % problem.shown
    return _followed(
        attempt,
        index,
        kind,
        mistake.says,
        {},
        mistake.rule,
        explanation[0].upper() + explanation[1:],
    )


def _wrong_result(attempt: Attempt, kind: str) -> Flaw | None:
    """The right operation with a wrong result: slipped, or its decimal point misplaced."""
    problem, dice = attempt.problem, attempt.dice
    index = attempt.place(len(problem.moves))
    says = attempt.wording[index]
    name = problem.moves[index].gives
    if not says.sums:
        return None
    right = problem.values[name]
    if kind == "numeric" and type(right) is int and right < SMALLEST_SHIFTED:
        return None
    wrong = point_moved(right, dice) if kind == "numeric" else slipped(right, dice)
    if not problem.fit(name, wrong):
        return None
    texts = _POINT_MOVED if kind == "numeric" else _SLIPPED
    left = says.sums[attempt.notation] % problem.shown
    gaps = {
        "left": in_maths(left, attempt.notation),
        "right": in_maths(problem.shown[name], attempt.notation),
        "wrong": in_maths(problem.show(name, wrong), attempt.notation),
    }
    explanation = dice.pick(texts).format_map(gaps)
    return _followed(attempt, index, kind, says, {name: wrong}, None, explanation)


_SLIPPED = (
    "{left} is {right}, not {wrong}.",
    "The calculation slips: {left} should give {right}, but the step has {wrong}.",
    "Working it out again, {left} comes to {right} rather than {wrong}.",
    "The set-up is right, but {left} equals {right}, not {wrong}.",
)
_POINT_MOVED = (
    "The place value is wrong: {left} is {right}, not {wrong}.",
    "{wrong} is off by a factor of ten; {left} gives {right}.",
)


def in_maths(text: str, notation: str) -> str:
    if notation == "plain":
        return text
    return rf"\({text}\)" if notation == "paren" else f"${text}$"


def _misread(attempt: Attempt, kind: str) -> Flaw | None:
    problem, dice = attempt.problem, attempt.dice
    index = attempt.place(len(problem.moves))
    says = attempt.wording[index]
    givens = [name for name in problem.givens if name in says.names]
    if not givens:
        return None
    name = dice.pick(givens)
    right = problem.values[name]
    read = misread(right, dice)
    if not problem.fit(name, read):
        return None
    explanation = dice.pick(_MISREAD).format(
        right=in_maths(problem.shown[name], attempt.notation),
        wrong=in_maths(problem.show(name, read), attempt.notation),
    )
    return _followed(attempt, index, kind, says, {name: read}, None, explanation)


_MISREAD = (
    "The problem says {right}, but the step works with {wrong}.",
    "A number is copied wrongly from the problem: {wrong} should be {right}.",
    "The step reads {wrong} where the problem has {right}.",
)


def _stopping(attempt: Attempt, kind: str) -> Flaw | None:
    """The attempt ends one move early and takes what it has for the answer."""
    problem = attempt.problem
    if not problem.template.missing or len(problem.moves) < 2:
        return None
    last = len(problem.moves) - 1
    answer = problem.answer_name
    reached = problem.values[problem.moves[last - 1].gives]
    if reached == problem.values[answer]:
        return None
    as_answer = problem.show(answer, reached)
    return Flaw(
        index=last,
        kind=kind,
        says=attempt.wording[last],
        shown={**problem.shown, answer: as_answer, "answer": as_answer},
        tainted=frozenset((answer,)),
        explanation=f"The solution stops one step early: {problem.template.missing}.",
        stops=True,
    )


def _followed(
    attempt: Attempt,
    index: int,
    kind: str,
    says: Phrase,
    changed: dict[str, Any],
    rule: Callable[[Any], Any] | None,
    explanation: str,
) -> Flaw | None:
    """The flaw with its wrong value carried through the later moves; None where it can't be.

    `changed` are values that are simply other from here on; `rule`, where given, replaces the
    move's own.
    """
    problem = attempt.problem
    moves = problem.moves[index:]
    known = {**problem.values, **changed}
    gives = moves[0].gives
    if rule is not None:
        found = problem.follow((replace(moves[0], rule=rule), *moves[1:]), known)
    elif gives in changed:
        found = problem.follow(moves[1:], known)
    else:
        found = problem.follow(moves, known)
    if found is None:
        return None
    truth, answer = problem.values, problem.answer_name
    if rule is not None and found[gives] == truth[gives]:
        return None  # by chance the wrong way comes to the same, and might not even look wrong
    cancels = gives != answer and found[answer] != truth[answer] and attempt.dice.chance(CANCELLING)
    if cancels:
        found[answer] = truth[answer]
    tainted = [name for name, value in found.items() if value != truth[name]]
    shown = problem.shown.copy()
    for name in tainted:
        shown[name] = problem.show(name, found[name])
    shown["answer"] = shown[answer]
    return Flaw(index, kind, says, shown, frozenset(tainted), explanation, cancels=cancels)


Maker = Callable[[Attempt, str], Flaw | None]
_OTHERWISE: tuple[Maker, ...] = (_written,)
_MAKERS: dict[str, tuple[Maker, ...]] = {
    "calculation": (_wrong_result,),
    "numeric": (_wrong_result, _written),
    "misreading": (_misread,),
    "completeness": (_written, _stopping),
}
