"""Reasons to leave a false-looking claim alone: the wording around it, its units, its kind."""

import re
from collections.abc import Sequence
from fractions import Fraction

from inference.backends.arithmetic.chains import Claim
from inference.backends.arithmetic.equality import gap_ratio, literal_of, numbers_in
from inference.backends.arithmetic.evaluation import NoValue, evaluate
from inference.backends.arithmetic.intervals import Interval, distance, magnitude, simplest
from inference.backends.arithmetic.lexer import Kind, Token
from inference.backends.arithmetic.nodes import Group, Negative, Node, Number, Product, Quotient

MODULAR = re.compile(
    r"\\[bp]?mod\b|\bmodul(?:o|us|ar)\b|\bmod\b|\\equiv|≡|\bcongruen|\bremainder|\bclock",
    re.IGNORECASE,
)
OTHER_BASES = re.compile(
    r"\bbinary\b|\bhexadecimal\b|\boctal\b|\bternary\b|\bbases\b|\d_\{?\d"
    r"|\bbase[- ]?(?:\d|\$|\\\(|two|three|four|five|six|seven|eight|nine|ten|[a-z]\b)",
    re.IGNORECASE,
)
NEW_OPERATION = re.compile(
    r"\boperations?\b|\boperators?\b|\\(?:star|ast|oplus|otimes|odot|diamond|spadesuit|heartsuit)\b"
    r"|\bdefined?\b[^.]{0,60}[a-z\d)] ?(?:[-+*/@#&×÷]|\\times|\\cdot|\\div) ?[a-z\d(]",
    re.IGNORECASE,
)
WHOLE_NUMBER = re.compile(r"\d{1,9}")
DENIAL = re.compile(
    r"\\neq?\b|≠|!=|\\not\b|\bnot\b|n't\b|n’t\b|\bcannot\b|\bimpossible\b|\bcontradict|\bfalse\b"
    r"|\bincorrect|\bwrong|\binvalid|\bmistake|\berror|\binstead\b|\brather\b|\bno solution"
    r"|\bwhether\b|\bsuppos|\bassum|\bhypothe|\bimagine\b|\bpretend|\bunless\b|\bguess|\bcontrary"
    r"|^\W*no\b|\bboth sides\b|\beach side\b|\btry\b|\btrying\b|\bfail|\?",
    re.IGNORECASE,
)
CONDITION = re.compile(r"\b(?:if|when|were)\b[^.,;:]*$", re.IGNORECASE)
DIVISION_LEFTOVER = re.compile(
    r"remainder|quotient|left ?over|\bR ?\d|long division|floor|ceil|⌊|⌈"
)
SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n")
CENTS = re.compile(r"percent|%|\bcents?\b|¢|chance|probab", re.IGNORECASE)
UNIT_SIZES = (3, 4, 7, 8, 10, 12, 16, 24, 28, 30, 31, 36, 52, 60, 100, 144, 168, 365, 366)
LARGE_UNIT_SIZES = (1000, 1440, 1760, 2000, 3600, 5280, 10_000, 86_400, 1_000_000)
UNIT_RATIOS = frozenset(
    ratio
    for size in (*UNIT_SIZES, *LARGE_UNIT_SIZES)
    for ratio in (Fraction(size), Fraction(1, size))
)
RANGE = re.compile(r"(\d{1,9})[-–−](\d{1,9})")
WINDOW = 240


def has_other_arithmetic(problem: str) -> bool:
    """Return whether a problem redefines signs or writes numbers to another base."""
    return bool(NEW_OPERATION.search(problem) or OTHER_BASES.search(problem))


def is_doubtful(step: str, tokens: Sequence[Token], claim: Claim, problem: str) -> bool:
    """Return whether a false-looking claim should be left alone."""
    return (
        bool(OTHER_BASES.search(step))
        or _may_be_congruent(step, claim, problem)
        or _is_denied(step, claim)
        or _runs_on(claim)
        or _is_healed(claim)
        or _is_share_of_something(claim)
        or _leaves_remainder(step, claim)
        or _changes_unit(step, tokens, claim)
        or _converts(tokens, claim)
        or _is_loose(tokens, claim)
        or _is_range(step, claim)
    )


def _may_be_congruent(step: str, claim: Claim, problem: str) -> bool:
    """Return whether the sides leave the same remainder in a text about remainders.

    Any whole number of the step or the problem may be the modulus.
    """
    if not MODULAR.search(step) and not MODULAR.search(problem):
        return False
    left, right = evaluate(claim.left.node), evaluate(claim.right.node)
    if not isinstance(left, int) or not isinstance(right, int):
        return True
    numbers = {int(text) for text in WHOLE_NUMBER.findall(problem[:2000] + " " + step[:4000])}
    return any((left - right) % number == 0 for number in numbers if number > 1)


def _is_denied(step: str, claim: Claim) -> bool:
    """Return whether the claim's sentence, or the next one, denies it or only supposes it."""
    start, end = claim.left.start, claim.right.end
    before = step[max(0, start - WINDOW) : start]
    after = step[end : end + WINDOW]
    opening = 0
    for match in SENTENCE_END.finditer(before):
        opening = match.end()
    ends = [match.end() for match in SENTENCE_END.finditer(after)][:2]
    lead, rest = before[opening:], after[: ends[-1]] if ends else after
    return bool(DENIAL.search(lead) or DENIAL.search(rest) or CONDITION.search(lead))


def _runs_on(claim: Claim) -> bool:
    """Return whether the equals sign only means 'and then': 10 + 5 = 15 * 2 = 30."""
    if literal_of(claim.right.node) is not None or literal_of(claim.left.node) is not None:
        return False
    numbers = numbers_in(claim.right.node)
    return bool(numbers) and numbers[0].value == evaluate(claim.left.node)


def _is_healed(claim: Claim) -> bool:
    """Return whether the chain continues without the claim: a slip of the pen, not a result."""
    left_end, right_start = claim.left.end, claim.right.start
    earlier = [member for member in claim.others if member.end < left_end]
    later = [member for member in claim.others if member.start > right_start]
    return any(_same(claim.left.node, member.node) for member in later) or any(
        _same(claim.right.node, member.node) for member in earlier
    )


def _same(left: Node, right: Node) -> bool:
    try:
        return distance(evaluate(left), evaluate(right)) == 0
    except NoValue:
        return False


def _is_share_of_something(claim: Claim) -> bool:
    """Return whether a bare fraction means a share: 1/4 = 25, 2/3 = 8 girls, 3/4 = 75."""
    for share, stated in ((claim.left.node, claim.right.node), (claim.right.node, claim.left.node)):
        if _is_bare_fraction(share) and literal_of(stated) is not None:
            value = evaluate(share)
            if not isinstance(value, Interval) and magnitude(value) < 1:
                number = literal_of(stated)
                return number is not None and number.value >= 1
    return False


def _is_bare_fraction(node: Node) -> bool:
    while isinstance(node, Group | Negative):
        node = node.inner
    if isinstance(node, Quotient):
        return literal_of(node.top) is not None and literal_of(node.bottom) is not None
    return (
        isinstance(node, Product)
        and len(node.factors) == 2
        and node.factors[1].sign == "/"
        and all(isinstance(factor.node, Number) for factor in node.factors)
    )


def _leaves_remainder(step: str, claim: Claim) -> bool:
    value = simplest(evaluate(claim.left.node))
    return isinstance(value, Fraction) and bool(DIVISION_LEFTOVER.search(step))


def _changes_unit(step: str, tokens: Sequence[Token], claim: Claim) -> bool:
    """Return whether the sides are one amount in different units, by a usual ratio."""
    ratio = gap_ratio(claim.left.node, claim.right.node)
    if ratio is None or ratio not in UNIT_RATIOS:
        return False
    sentence = step[max(0, claim.left.start - WINDOW) : claim.right.end + 40]
    if ratio in (100, Fraction(1, 100)) and CENTS.search(sentence):
        return True
    left = _units(tokens, claim.left.first, claim.left.last)
    right = _units(tokens, claim.right.first, claim.right.last + 1)
    return bool(right) and not right <= left


def _converts(tokens: Sequence[Token], claim: Claim) -> bool:
    """Return whether an amount is rewritten in another unit.

    Examples: 4 hours = 4 * 60, 40 nickels = 40 * $0.05.
    """
    stated = literal_of(claim.left.node)
    if stated is None:
        return False
    numbers = numbers_in(claim.right.node)
    if numbers and numbers[0].value == stated.value:
        return True
    return bool(_units(tokens, claim.left.first, claim.left.last))


def _units(tokens: Sequence[Token], first: int, last: int) -> set[str]:
    kinds = (Kind.WORDS, Kind.TEXT, Kind.DOLLAR, Kind.CURRENCY, Kind.PERCENT, Kind.DEGREE)
    return {
        token.text.lower().split(" ")[0].rstrip("s")
        for token in tokens[first : last + 1]
        if token.kind in kinds
    }


def _is_loose(tokens: Sequence[Token], claim: Claim) -> bool:
    """Return whether a side has a number, a space and brackets, which may be a remark."""
    for member in (claim.left, claim.right):
        for index in range(member.first, member.last):
            token, following = tokens[index], tokens[index + 1]
            apart = token.kind is Kind.NUMBER and token.end < following.start
            inside = tokens[index + 2].kind
            if apart and following.text == "(" and inside not in (Kind.WORDS, Kind.TEXT):
                return True
    return False


def _is_range(step: str, claim: Claim) -> bool:
    """Return whether a hyphen means 'to': pages 10-15 = 6 pages, 9-5 = 8 hours."""
    ends = RANGE.fullmatch(step, claim.left.start, claim.left.end)
    if ends is None:
        return False
    first, last = int(ends.group(1)), int(ends.group(2))
    return first < last or "hour" in step[claim.right.end : claim.right.end + 20]
