"""Whether the rest of a trace rests on a false equation, or goes on as if it were not there.

A wrong number that never comes up again is a slip of the pen where the trace goes on with the right
one, or with other calculations; people who label first errors pass over it as often as not, so it
is left alone.
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
    """Whether what step `index` claims falsely is used after it, or is the last calculation."""
    rest = [steps[index][claim.end :], *steps[index + 1 :]]
    if claim.result is None or not any(rest[1:]):
        return True
    if not any(_mentions(text, abs(claim.result)) for text in rest):
        right = abs(claim.actual)
        return not any(_mentions(text, right) or _calculates(text) for text in rest)
    return not any(_restates(step, claim.result) for step in rest[1:])


def _mentions(text: str, value: Fraction) -> bool:
    """Whether the number stands in the text."""
    return any(
        is_number(match.group()) and number_value(match.group()) == value
        for match in SCANNER.finditer(text)
        if match.lastgroup == "number"
    )


def _calculates(text: str) -> bool:
    """Whether the text states an equation that can be read."""
    return any(claims_of(tokens_of(text, start, stop)) for start, stop in regions_of(text))


def _restates(step: str, value: Fraction) -> bool:
    """Whether a step says rightly what the value is made of, as in 91 = 7 * 13."""
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
