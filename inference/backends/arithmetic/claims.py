"""The false equations of one step, each with a plain sentence saying what is false."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from inference.backends.arithmetic.ambiguity import is_doubtful
from inference.backends.arithmetic.chains import Claim, Member, claims_of
from inference.backends.arithmetic.equality import literal_of, may_be_equal
from inference.backends.arithmetic.evaluation import NoValue, evaluate
from inference.backends.arithmetic.intervals import Interval, Value, middle
from inference.backends.arithmetic.lexer import Kind, Token, tokens_of
from inference.backends.arithmetic.regions import regions_of

MAX_SHOWN = 120
FORMULA_END = re.compile(r"[.,;]?\s?\$")


@dataclass(frozen=True, slots=True)
class FalseClaim:
    """An equation in a step that is false.

    `expression` is the equation as written, `step[start:end]`. `stated` is what the step makes of
    the calculation and `actual` what it comes to; roots and pi are given to 30 digits or more.
    `result` is the number that the step goes on with; None where that isn't one plain number.
    """

    expression: str
    start: int
    end: int
    stated: Fraction
    actual: Fraction
    sentence: str
    result: Fraction | None = None


def false_claims(step: str) -> list[FalseClaim]:
    """Return every equation of a step that no sensible reading makes true."""
    return list(iter_false_claims(step))


def iter_false_claims(step: str, problem: str = "") -> Iterator[FalseClaim]:
    """Yield the false claims lazily, for callers that need the first only.

    A problem makes the reading more careful.
    """
    for start, stop in regions_of(step):
        tokens = tokens_of(step, start, stop)
        for claim in claims_of(tokens):
            if _is_false(step, tokens, claim, problem):
                yield _described(step, _without_opening_dollar(step, claim))


def _is_false(step: str, tokens: list[Token], claim: Claim, problem: str) -> bool:
    left, right = claim.left, claim.right
    covered = tokens[left.first : right.last + 1]
    has_percent = any(token.kind is Kind.PERCENT or "percent" in token.text for token in covered)
    try:
        if may_be_equal(left.node, right.node, claim.approximate, has_percent):
            return False
        return not is_doubtful(step, tokens, claim, problem)
    except NoValue:
        return False


def _described(step: str, claim: Claim) -> FalseClaim:
    computed, stated = claim.left, claim.right
    if literal_of(computed.node) is not None:
        computed, stated = stated, computed
    start, end = claim.left.start, claim.right.end
    literal = literal_of(stated.node)
    goes_on = any(member.start > claim.right.start for member in claim.others)
    actual, said = evaluate(computed.node), evaluate(stated.node)
    return FalseClaim(
        expression=step[start:end],
        start=start,
        end=end,
        stated=Fraction(middle(said)),
        actual=Fraction(middle(actual)),
        sentence=_sentence(step, computed, actual, stated, said),
        result=Fraction(literal.value) if literal and not goes_on else None,
    )


def _without_opening_dollar(step: str, claim: Claim) -> Claim:
    """Return the claim without a dollar sign that only opens the formula."""
    left = claim.left
    if step[left.start] == "$" and FORMULA_END.match(step, claim.right.end):
        return replace(claim, left=replace(left, start=left.start + 1))
    return claim


def _sentence(step: str, computed: Member, actual: Value, stated: Member, said: Value) -> str:
    first, second = _written(step, computed), _written(step, stated)
    if literal_of(stated.node) is not None:
        return f"{first} is {shown(actual)}, the step says {second}."
    return (
        f"{first} is {shown(actual)} and {second} is {shown(said)}; the step says they are equal."
    )


def _written(step: str, member: Member) -> str:
    """Return the member as the step has it; LaTeX gets delimiters, so that a page typesets it."""
    text = " ".join(step[member.start : member.end].split())
    if len(text) > MAX_SHOWN:
        text = text[: MAX_SHOWN - 1] + "…"
    has_delimiters = "$" in text or "\\(" in text or "\\[" in text
    return rf"\({text}\)" if "\\" in text and not has_delimiters else text


def shown(value: Value) -> str:
    """Return a number as a person would write it: whole, a short decimal, or a fraction."""
    number = Fraction(middle(value))
    if number.denominator == 1 and not isinstance(value, Interval):
        return str(number.numerator)
    if (number * 10**6).denominator == 1:
        return _decimal(number)
    near = f"about {_decimal(number)}"
    if isinstance(value, Interval) or number.denominator > 1000:
        return near
    return f"{number.numerator}/{number.denominator} ({near})"


def _decimal(number: Fraction) -> str:
    """Return at most six decimals, without floats, which a large number would overflow."""
    scaled = round(abs(number) * 10**6)
    digits = f"{scaled // 10**6}.{scaled % 10**6:06d}".rstrip("0").rstrip(".")
    return "-" + digits if number < 0 and scaled else digits
