"""Consequences of a false equation: whether the rest of a trace depends on it.

A wrong number that never appears again is a slip of the pen if the trace continues with the right
one, or with other calculations. People who label first errors ignore it as often as not, so it is
left alone.
"""

from collections.abc import Sequence
from fractions import Fraction

from inference.backends.arithmetic.chains import claims_of
from inference.backends.arithmetic.claims import FalseClaim
from inference.backends.arithmetic.equality import literal_of, may_be_equal
from inference.backends.arithmetic.evaluation import NoValue
from inference.backends.arithmetic.lexer import SCANNER, is_number, number_value, tokens_of
from inference.backends.arithmetic.regions import regions_of


def has_consequences(steps: Sequence[str], index: int, claim: FalseClaim) -> bool:
    """Return whether step `index`'s false result is used later, or is the last calculation."""
    rest = [steps[index][claim.end :], *steps[index + 1 :]]
    if claim.result is None or not any(rest[1:]):
        return True
    if not any(_mentions(text, abs(claim.result)) for text in rest):
        right = abs(claim.actual)
        return not any(_mentions(text, right) or _calculates(text) for text in rest)
    return not any(_restates(step, claim.result) for step in rest[1:])


def _mentions(text: str, value: Fraction) -> bool:
    """Return whether the number is in the text."""
    return any(
        is_number(match.group()) and number_value(match.group()) == value
        for match in SCANNER.finditer(text)
        if match.lastgroup == "number"
    )


def _calculates(text: str) -> bool:
    """Return whether the text states an equation that can be read."""
    return any(claims_of(tokens_of(text, start, stop)) for start, stop in regions_of(text))


def _restates(step: str, value: Fraction) -> bool:
    """Return whether a step decomposes the value correctly, as in 91 = 7 * 13."""
    for start, stop in regions_of(step):
        for claim in claims_of(tokens_of(step, start, stop)):
            stated = literal_of(claim.left.node)
            if stated is None or stated.value != value:
                continue
            try:
                if may_be_equal(claim.left.node, claim.right.node, claim.approximate, False):
                    return True
            except NoValue:
                continue
    return False
