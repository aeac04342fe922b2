"""Chains a = b = c of a step whose members are plain calculations, read from end to end.

The tokens before a chain and after its last member decide whether it was read completely. A member
is dropped where that isn't certain.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inference.backends.arithmetic.cursor import RELATIONS, Unreadable, skip_edges
from inference.backends.arithmetic.lexer import END, Kind, Token
from inference.backends.arithmetic.nodes import Group, Mixed, Negative, Node, Number, Percent
from inference.backends.arithmetic.parser import STARTERS, Expression, parse
from inference.backends.arithmetic.words import (
    APPROXIMATELY,
    may_follow,
    may_introduce,
    may_precede,
    read_words,
)

BEGINNINGS = STARTERS | {Kind.OPERATOR}
CLAUSE_ENDS = frozenset([Kind.NEWLINE, Kind.PUNCTUATION, Kind.COLON])
CLOSERS = frozenset([Kind.RIGHT_BRACE, Kind.MATH_CLOSE, Kind.DOLLAR, Kind.NEWLINE])
STOPS = frozenset([Kind.ELLIPSIS, Kind.COMPARE, Kind.COLON])
OPENERS = frozenset([Kind.MATH_OPEN, Kind.NEWLINE])
SAFE_BEFORE = frozenset(
    [
        Kind.NEWLINE,
        Kind.MATH_OPEN,
        Kind.EQUAL,
        Kind.APPROXIMATE,
        Kind.COMPARE,
        Kind.BOUNDARY,
        Kind.OPEN,
    ]
)
SAFE_AFTER = frozenset(
    [
        Kind.NEWLINE,
        Kind.MATH_CLOSE,
        Kind.MATH_OPEN,
        Kind.BOUNDARY,
        Kind.COMPARE,
        Kind.EQUAL,
        Kind.APPROXIMATE,
    ]
)


@dataclass(frozen=True, slots=True)
class Member:
    """One side of a relation: its tree and the tokens and characters that it covers."""

    node: Node
    first: int
    last: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Claim:
    """Two neighbours in a chain that are said to be equal, or nearly so where `approximate`.

    `others` are the rest of the claim's chain, in their order.
    """

    left: Member
    right: Member
    approximate: bool
    others: tuple[Member, ...] = ()


def claims_of(tokens: Sequence[Token]) -> Iterator[Claim]:
    """Yield every claim that two expressions are equal, at least one of them a calculation."""
    read_to = 0
    for index in _beginnings(tokens):
        if index < read_to or not _safe_before(tokens, index):
            continue
        try:
            found = parse(tokens, index)
        except Unreadable:
            continue
        chain = _Chain(tokens, index, found)
        yield from chain.claims()
        read_to = chain.at


def _beginnings(tokens: Sequence[Token]) -> list[int]:
    """Return the indices where an expression that reaches a relation could begin, in order."""
    found, reaches = [], False
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        kind = token.kind
        if kind in RELATIONS:
            reaches = True
        elif kind in STOPS:
            reaches = False
        elif kind is Kind.WORDS or kind is Kind.TEXT:
            reading = read_words(token.text)
            reaches = reading.plain and (reaches or reading.relation != "")
        elif kind is Kind.PUNCTUATION:
            reaches = reaches and token.text == ","
        elif reaches and kind in BEGINNINGS:
            found.append(index)
    found.reverse()
    return found


class _Chain:
    """Follows a chain from its first member, which is read already."""

    def __init__(self, tokens: Sequence[Token], start: int, first: Expression) -> None:
        self.tokens = tokens
        self.start = start
        self.at = first.stop
        self.first = self.member(start, first)

    def member(self, start: int, found: Expression) -> Member:
        first, last = self.tokens[start], self.tokens[found.stop - 1]
        return Member(found.node, start, found.stop - 1, first.start, last.end)

    def claims(self) -> Iterator[Claim]:
        members, approximations = self.members()
        for index, approximate in enumerate(approximations):
            left, right = members[index], members[index + 1]
            if is_computed(left.node) or is_computed(right.node):
                others = (*members[:index], *members[index + 2 :])
                yield Claim(left, right, approximate, others)

    def members(self) -> tuple[list[Member], list[bool]]:
        """Return the chain's members, and for each but the first whether it is approximate.

        The chain ends before a member that can't be read or that may continue.
        """
        members, approximations = [self.first], []
        while (relation := self.relation()) is not None:
            approximate, worded = relation
            start = self.at
            try:
                found = parse(self.tokens, start)
            except Unreadable:
                break
            self.at = found.stop
            if not _safe_after(self.tokens, found.stop):
                break
            if worded and (len(members) > 1 or not self.may_be_worded(found)):
                break
            members.append(self.member(start, found))
            approximations.append(approximate)
        return members, approximations

    def may_be_worded(self, right: Expression) -> bool:
        """Return whether 'is' gives the result of the whole calculation before it.

        In 'the number of primes below 3 * 4 is 5' the calculation is only the end of the subject.
        """
        if not is_computed(self.first.node) or is_computed(right.node):
            return False
        index = self.start - 1
        while index >= 0 and self.tokens[index].kind in (Kind.DOLLAR, Kind.MATH_OPEN):
            index -= 1
        if index < 0:
            return True
        before = self.tokens[index]
        if before.kind is Kind.WORDS:
            opens = index == 0 or self.tokens[index - 1].kind in CLAUSE_ENDS
            return may_introduce(before.text, opens)
        return before.kind in CLAUSE_ENDS

    def relation(self) -> tuple[bool, bool] | None:
        """Step over the next relation. Return whether it is approximate, and in words."""
        index = skip_edges(self.tokens, self.at)
        token = self.tokens[index]
        if token.kind in RELATIONS:
            approximate, worded = token.kind is Kind.APPROXIMATE, False
        elif token.kind in (Kind.WORDS, Kind.TEXT) and token.start > self.tokens[index - 1].end:
            reading = read_words(token.text)
            if not reading.relation or not reading.plain:
                return None
            approximate, worded = reading.relation == "≈", True
        else:
            return None
        self.at = index + 1
        return self.opened(approximate), worded

    def opened(self, approximate: bool) -> bool:
        """Step over signs before the right side. Return whether the relation is approximate."""
        while (token := self.tokens[self.at]) is not END:
            if token.kind is Kind.WORDS and token.text.lower() in APPROXIMATELY:
                approximate = True
            elif token.kind is Kind.DOLLAR:
                if self.tokens[self.at + 1].kind is Kind.NUMBER:
                    break
            elif token.kind not in OPENERS and token.text != "**":
                break
            self.at += 1
        return approximate


def is_computed(node: Node) -> bool:
    """Return whether there is anything to work out: false for a bare number."""
    while isinstance(node, Group | Negative | Percent):
        node = node.inner
    return not isinstance(node, Number | Mixed)


def _safe_before(tokens: Sequence[Token], index: int) -> bool:
    """Return whether an expression that begins here can't be the rest of a longer one."""
    token = tokens[index]
    if token.kind is Kind.OPERATOR and token.text != "-":
        return False
    if index == 0:
        return token.kind is not Kind.OPERATOR or token.end == tokens[1].start
    before = tokens[index - 1]
    kind = before.kind
    if token.kind is Kind.OPERATOR and kind in (Kind.WORDS, Kind.TEXT, Kind.NEWLINE):
        return False
    if kind in SAFE_BEFORE:
        return True
    if kind is Kind.WORDS:
        return before.end < token.start and _may_end_in_words(tokens, index - 1)
    if kind is Kind.TEXT:
        return not before.text or may_precede(before.text)
    if kind is Kind.PUNCTUATION:
        return before.end < token.start or before.text != "."
    if kind is Kind.COLON:
        return index < 2 or tokens[index - 2].end == before.start
    if kind is Kind.LEFT_BRACE:
        return index > 1 and tokens[index - 2].kind is Kind.BOX
    if kind is Kind.DOLLAR:
        return _safe_before_dollar(tokens, index - 1)
    return False


def _may_end_in_words(tokens: Sequence[Token], index: int) -> bool:
    """Return whether an expression may begin after these words; false for those of '6 choose 3'."""
    words = tokens[index]
    after_number = tokens[index - 1].kind in (Kind.NUMBER, Kind.CLOSE, Kind.RIGHT_BRACE)
    if index > 0 and after_number and words.text.count(" ") < 2:
        return read_words(words.text).relation != ""
    return may_precede(words.text)


def _safe_before_dollar(tokens: Sequence[Token], index: int) -> bool:
    """Return whether a formula or an amount of money can begin with this dollar sign."""
    if index == 0:
        return True
    before, dollar = tokens[index - 1], tokens[index]
    if dollar.end < tokens[index + 1].start and before.end == dollar.start:
        return False
    if before.kind in (Kind.WORDS, Kind.TEXT):
        return _may_end_in_words(tokens, index - 1)
    return before.kind in SAFE_BEFORE or before.kind in (
        Kind.PUNCTUATION,
        Kind.COLON,
        Kind.DOLLAR,
        Kind.MATH_CLOSE,
    )


def _safe_after(tokens: Sequence[Token], index: int) -> bool:
    """Return whether an expression that ends before `index` is complete."""
    token = tokens[index]
    if token is END:
        return True
    kind, following = token.kind, tokens[index + 1]
    if kind in CLOSERS and not _safe_after_closers(tokens, index):
        return False
    if kind in SAFE_AFTER or kind is Kind.CLOSE:
        return True
    if kind in (Kind.WORDS, Kind.TEXT):
        if not token.text:
            return True
        reading = read_words(token.text)
        if reading.operator:
            return reading.operator == "of" and may_follow(token.text)
        return bool(reading.relation and reading.plain) or may_follow(token.text)
    if kind is Kind.DOLLAR:
        return following.kind is not Kind.OPERATOR
    if kind is Kind.PUNCTUATION:
        return following is END or following.start > token.end or _closes(following)
    if kind is Kind.COLON:
        return following.kind is not Kind.NUMBER
    if kind is Kind.RIGHT_BRACE:
        return following.kind not in (Kind.LEFT_BRACE, Kind.POWER)
    if kind is Kind.OPEN:
        return _is_remark(following)
    return False


def _safe_after_closers(tokens: Sequence[Token], index: int) -> bool:
    """Return whether words after the formula keep its result; false for '$600$ more than'."""
    while tokens[index].kind in CLOSERS and tokens[index] is not END:
        index += 1
    token, previous = tokens[index], tokens[index - 1]
    if token.kind is Kind.OPERATOR and previous.kind is Kind.NEWLINE:
        return previous.text == "\n" and token.text == "-"
    if previous.text == "\n":
        return True
    return token.kind is not Kind.WORDS or may_follow(token.text)


def _closes(token: Token) -> bool:
    return token.kind in (
        Kind.MATH_CLOSE,
        Kind.DOLLAR,
        Kind.CLOSE,
        Kind.NEWLINE,
        Kind.BOUNDARY,
        Kind.RIGHT_BRACE,
    )


def _is_remark(token: Token) -> bool:
    """Return whether brackets that begin with this token only comment on the number before."""
    return token.kind is Kind.WORDS and may_follow(token.text) and may_precede(token.text)
