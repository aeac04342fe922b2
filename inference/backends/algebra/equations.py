"""The equations in one letter that a step states plainly enough to be held to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Poly, Symbol

from inference.backends.algebra.polynomials import NotPolynomial, parse_polynomial

# Parts of formulas; any other text ends a run of them.
_RUN = re.compile(
    r"(?:\\[dt]?frac|\\cdot|\\times|\\left|\\right|\\[,;!]|\d+(?:\.\d+)?"
    r"|(?<![A-Za-z\\])[A-Za-z](?![A-Za-z'’])|[-+*/^(){}=·×−]|[ \t])+"
)
# Words that may come before an equation and change nothing about it.
_LEADS = re.compile(
    r"(?:^|[\n:.;]|(?<!\d),|\$|\\[\[(]|=>|⇒|→|\\(?:Right|right|Longright)arrow|\\implies|&"
    r"|\b(?:so|then|thus|hence|therefore|gives?|gets?|getting|have|has|yields?|equation|obtain"
    r"|obtains|becomes?|to|that|means|find|and|us|get|simplif(?:y|ies)|is))\s*\$?\s*$",
    re.IGNORECASE,
)
# A unit may follow; a factor, a root or a percent sign would make it another equation.
_GOES_ON = re.compile(
    r"\s*\.{0,3}(?:\\(?![\])\\,;! ]|text|mbox|quad|implies|Rightarrow|rightarrow)|,\d"
    r"|[%^_!√π°'’<>≤≥≠≈±])"
)
LONGEST = 160
HIGHEST_DEGREE = 4


@dataclass(frozen=True, slots=True)
class Equation:
    """`zero` is the left side less the right, a polynomial in `letter` of degree 1 to 4."""

    text: str
    letter: Symbol
    zero: Poly
    is_exact: bool  # no decimal fraction, which may be rounded
    names_value: bool  # a letter, and a number alone on the other side

    @property
    def is_linear(self) -> bool:
        return bool(self.zero.degree() == 1)


def find_equations(step: str) -> Iterator[Equation]:
    """Yield the step's equations in the order of the text."""
    for run in _RUN.finditer(step):
        text = run[0].strip()
        if text.count("=") != 1 or len(text) > LONGEST:
            continue
        if not _LEADS.search(step[max(0, run.start() - 40) : _start(run)]):
            continue
        if _GOES_ON.match(step, run.end()):
            continue
        if found := _equation(text):
            yield found


def _start(run: re.Match[str]) -> int:
    return run.start() + len(run[0]) - len(run[0].lstrip())


def _equation(text: str) -> Equation | None:
    left, _, right = text.partition("=")
    try:
        (one, first), (other, second) = parse_polynomial(left), parse_polynomial(right)
    except NotPolynomial:
        return None
    letters = first | second
    if len(letters) != 1:
        return None
    (letter,) = letters
    zero = Poly(one - other, letter)
    if not 1 <= zero.degree() <= HIGHEST_DEGREE:
        return None
    names_value = left.strip() == str(letter) and not second
    return Equation(text, letter, zero, is_exact="." not in text, names_value=names_value)
