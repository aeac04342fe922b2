"""A place in a list of tokens, and how to step over the units and remarks found there."""

from collections.abc import Sequence

from inference.backends.arithmetic.lexer import END, Kind, Token
from inference.backends.arithmetic.words import read_words

MAX_TOKENS = 300
RELATIONS = frozenset([Kind.EQUAL, Kind.APPROXIMATE])
AFTER_UNIT = RELATIONS | {Kind.OPERATOR, Kind.CLOSE, Kind.RIGHT_BRACE}
UNIT_BEGINNINGS = frozenset([Kind.WORDS, Kind.TEXT, Kind.OPERATOR, Kind.OPEN])
EDGES = frozenset([Kind.DOLLAR, Kind.MATH_CLOSE, Kind.MATH_OPEN, Kind.NEWLINE])
SUPERSCRIPTS = {"²": 2, "³": 3}


class Unreadable(ValueError):
    """The text here is no expression of plain numbers."""


class Cursor:
    """The tokens and the index of the next one to read."""

    def __init__(self, tokens: Sequence[Token], start: int) -> None:
        self.tokens = tokens
        self.at = start
        self.limit = start + MAX_TOKENS
        self.depth = 0

    def peek(self, ahead: int = 0) -> Token:
        return self.tokens[self.at + ahead]

    def next_is(self, kind: Kind) -> bool:
        return self.tokens[self.at].kind is kind

    def take(self, kind: Kind) -> Token:
        token = self.tokens[self.at]
        if token.kind is not kind or self.at >= self.limit:
            raise Unreadable(f"{kind.name.lower()} expected")
        self.at += 1
        return token

    def skip_unit(self) -> None:
        """Pass over a unit if an operator, a relation or a bracket's end comes after it."""
        if self.tokens[self.at].kind not in UNIT_BEGINNINGS:
            return
        start = self.at
        self.skip_unit_words()
        while self.peek().text == "/" and self.peek(1).kind in (Kind.WORDS, Kind.TEXT):
            if not read_words(self.peek(1).text).plain:
                break
            self.at += 1
            self.skip_unit_words()
        if self.next_is(Kind.OPEN) and self.peek(1).kind in (Kind.WORDS, Kind.TEXT):
            self.skip_remark()
        if self.at > start and not self.unit_ends_here():
            self.at = start

    def unit_ends_here(self) -> bool:
        if self.peek().kind in AFTER_UNIT:
            return True
        reading = None
        if self.peek().kind in (Kind.WORDS, Kind.TEXT):
            reading = read_words(self.peek().text)
        if reading and reading.plain and (reading.relation or reading.operator):
            return True
        return self.tokens[skip_edges(self.tokens, self.at)].kind in RELATIONS

    def skip_unit_words(self) -> None:
        while self.peek().kind in (Kind.WORDS, Kind.TEXT):
            reading = read_words(self.peek().text)
            if not reading.plain or reading.relation or reading.operator:
                return
            self.at += 1
            if self.next_is(Kind.POWER):
                self.skip_unit_power()

    def skip_unit_power(self) -> None:
        if self.peek().text in SUPERSCRIPTS:
            self.at += 1
        elif self.peek(1).kind is Kind.NUMBER:
            self.at += 2
        elif self.peek(1).kind is Kind.LEFT_BRACE and self.peek(3).kind is Kind.RIGHT_BRACE:
            self.at += 4

    def skip_remark(self) -> None:
        """Pass over brackets that hold words only, such as '(Mondays, Fridays)'."""
        index = self.at + 1
        while index < self.at + 12 and (token := self.tokens[index]) is not END:
            if token.kind is Kind.CLOSE:
                self.at = index + 1
                return
            worded = token.kind in (Kind.WORDS, Kind.TEXT)
            if not (worded and read_words(token.text).plain) and token.text != ",":
                return
            index += 1


def skip_edges(tokens: Sequence[Token], index: int) -> int:
    """Return the index past the edges of formulas and lines if a relation follows, else `index`."""
    after = index
    while after < index + 6 and (tokens[after].kind in EDGES or tokens[after].text == "**"):
        if tokens[after] is END:
            return index
        after += 1
    token = tokens[after]
    if token.kind in RELATIONS:
        return after
    if token.kind in (Kind.WORDS, Kind.TEXT) and read_words(token.text).relation:
        return after
    return index
