"""Choose the error of an attempt, and carry the wrong value through to its end."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from traces.samples.attempt import Attempt, Flaw
from traces.samples.mistakes import misread, point_moved, slipped
from traces.samples.phrasing import Phrase
from traces.samples.template import Template, Wrong

# The number of errors that are tried before the attempt is left right after all.
TRIES = 12
# The share of slips after which a second one, in the last move, lands on the right answer.
CANCELLING = 0.08
# A zero too many or too few is noticed in a smaller whole number.
SMALLEST_SHIFTED = 20


def find_flaw(attempt: Attempt) -> Flaw | None:
    """Return a flaw that leads to printable numbers, or None if `TRIES` draws find none."""
    for _ in range(TRIES):
        kind = attempt.dice.pick(attempt.voice.deck)
        makers = _MAKERS.get(kind, _OTHERWISE)
        flaw = attempt.dice.pick(makers)(attempt, kind)
        if flaw is not None:
            return flaw
    return None


@cache
def _written_out(template: Template, count: int) -> dict[str, list[tuple[int, Wrong]]]:
    """Return, by kind, the mistakes that the template states for its first `count` moves."""
    mistakes: dict[str, list[tuple[int, Wrong]]] = {}
    for index, move in enumerate(template.moves[:count]):
        for mistake in move.wrong:
            mistakes.setdefault(mistake.kind, []).append((index, mistake))
    return mistakes


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
        mistake.wording,
        {},
        mistake.rule,
        explanation[0].upper() + explanation[1:],
    )


def _wrong_result(attempt: Attempt, kind: str) -> Flaw | None:
    """Return a flaw with the right operation and a wrong result or a misplaced decimal point."""
    problem, dice = attempt.problem, attempt.dice
    index = attempt.place(len(problem.moves))
    wording = attempt.wording[index]
    name = problem.moves[index].gives
    if not wording.sums:
        return None
    right = problem.values[name]
    if kind == "numeric" and type(right) is int and right < SMALLEST_SHIFTED:
        return None
    wrong = point_moved(right, dice) if kind == "numeric" else slipped(right, dice)
    if not problem.fit(name, wrong):
        return None
    texts = _POINT_MOVED if kind == "numeric" else _SLIPPED
    left = wording.sums[attempt.notation] % problem.shown
    gaps = {
        "left": in_maths(left, attempt.notation),
        "right": in_maths(problem.shown[name], attempt.notation),
        "wrong": in_maths(problem.show(name, wrong), attempt.notation),
    }
    explanation = dice.pick(texts).format_map(gaps)
    return _followed(attempt, index, kind, wording, {name: wrong}, None, explanation)


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
    """Return the text between the delimiters of mathematics in the notation."""
    if notation == "plain":
        return text
    return rf"\({text}\)" if notation == "paren" else f"${text}$"


def _misread(attempt: Attempt, kind: str) -> Flaw | None:
    problem, dice = attempt.problem, attempt.dice
    index = attempt.place(len(problem.moves))
    wording = attempt.wording[index]
    givens = [name for name in problem.givens if name in wording.names]
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
    return _followed(attempt, index, kind, wording, {name: read}, None, explanation)


_MISREAD = (
    "The problem says {right}, but the step works with {wrong}.",
    "A number is copied wrongly from the problem: {wrong} should be {right}.",
    "The step reads {wrong} where the problem has {right}.",
)


def _stopping(attempt: Attempt, kind: str) -> Flaw | None:
    """Return a flaw that ends the attempt one move early, with the value so far as the answer."""
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
        wording=attempt.wording[last],
        shown={**problem.shown, answer: as_answer, "answer": as_answer},
        tainted=frozenset((answer,)),
        explanation=f"The solution stops one step early: {problem.template.missing}.",
        stops=True,
    )


def _followed(
    attempt: Attempt,
    index: int,
    kind: str,
    wording: Phrase,
    changed: dict[str, Any],
    rule: Callable[[Any], Any] | None,
    explanation: str,
) -> Flaw | None:
    """Return the flaw with its wrong value carried through the later moves, or None if none fits.

    `changed` are the values that are different from this move on. `rule`, if given, replaces the
    move's own rule.
    """
    problem = attempt.problem
    moves = problem.moves[index:]
    start = {**problem.values, **changed}
    gives = moves[0].gives
    if rule is not None:
        values = problem.follow((replace(moves[0], rule=rule), *moves[1:]), start)
    elif gives in changed:
        values = problem.follow(moves[1:], start)
    else:
        values = problem.follow(moves, start)
    if values is None:
        return None
    truth, answer = problem.values, problem.answer_name
    if rule is not None and values[gives] == truth[gives]:
        return None  # by chance the wrong way gives the same value, and may not even look wrong
    cancels = (
        gives != answer and values[answer] != truth[answer] and attempt.dice.chance(CANCELLING)
    )
    if cancels:
        values[answer] = truth[answer]
    tainted = [name for name, value in values.items() if value != truth[name]]
    shown = problem.shown.copy()
    for name in tainted:
        shown[name] = problem.show(name, values[name])
    shown["answer"] = shown[answer]
    return Flaw(index, kind, wording, shown, frozenset(tainted), explanation, cancels=cancels)


Maker = Callable[[Attempt, str], Flaw | None]
_OTHERWISE: tuple[Maker, ...] = (_written,)
_MAKERS: dict[str, tuple[Maker, ...]] = {
    "calculation": (_wrong_result,),
    "numeric": (_wrong_result, _written),
    "misreading": (_misread,),
    "completeness": (_written, _stopping),
}
