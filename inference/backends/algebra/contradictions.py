"""Two equations of one step that can't both hold.

A step that solves an equation states others with the same solution. Where two of them in the same
letter have other solutions, the step contradicts itself, unless it tells cases apart, tries values
out, says that something does not hold or solves what has several solutions: a step with a word of
that kind is left alone.
"""

import re
from dataclasses import dataclass

from sympy import Rational

from inference.backends.algebra.equations import Equation, find_equations

# The largest share by which a rounded value may be off.
ROUNDED = Rational(2, 100)

_OTHER_USES = re.compile(
    r"\b(?:if|case|cases|suppose|assum\w*|either|try|trying|tries|guess\w*|whenever|testing|not"
    r"|instead|unless|mod|modulo|respectively|example|wrong|incorrect|mistake|contradict\w*"
    r"|impossible|least|most|minimum|maximum|between|range|interval|other|another|curve|graph"
    r"|intersect\w*|intercepts?|vertex|base|ln|log|sin|cos|tan)\b"
    r"|[<>≤≥≠≈±∈]|\\(?:le|ge|leq|geq|neq|ne|pm|equiv|pmod|bmod|mod|approx|in|cases|begin\{cases)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Contradiction:
    before: Equation
    after: Equation
    sentence: str


def find_contradiction(step: str) -> Contradiction | None:
    """Return the first pair of equations of the step that can't both hold."""
    if "=" not in step or _OTHER_USES.search(step):
        return None
    latest: dict[str, Equation] = {}
    for equation in find_equations(step):
        name = str(equation.letter)
        before = latest.get(name)
        if before is not None and (found := _between(before, equation)):
            return found
        # A value found does not replace an equation of a higher degree: others may follow.
        if before is None or before.is_linear or not equation.is_linear:
            latest[name] = equation
    return None


def _between(before: Equation, after: Equation) -> Contradiction | None:
    if before.is_linear and after.is_linear:
        return _other_solution(before, after)
    if not before.is_linear and after.names_value:
        return _no_root(before, after)
    return None


def _other_solution(before: Equation, after: Equation) -> Contradiction | None:
    one, other = solution(before), solution(after)
    if _same(one, other, exactly=before.is_exact and after.is_exact):
        return None
    return Contradiction(
        before,
        after,
        f"{_shown(before)} holds for {before.letter} = {one},"
        f" and {_shown(after)} for {after.letter} = {other}.",
    )


def _no_root(before: Equation, after: Equation) -> Contradiction | None:
    value = solution(after)
    rest = before.zero.eval(value)
    if rest == 0 or not after.is_exact:
        return None
    return Contradiction(
        before, after, f"{after.letter} = {value} does not solve {_shown(before)}."
    )


def solution(equation: Equation) -> Rational:
    """Return the solution of a linear equation."""
    slope, start = equation.zero.all_coeffs()
    return Rational(-start, slope)


def _same(one: Rational, other: Rational, *, exactly: bool) -> bool:
    if one == other:
        return True
    return not exactly and abs(one - other) <= ROUNDED * max(abs(one), abs(other))


def _shown(equation: Equation) -> str:
    return " ".join(equation.text.split())
