"""From the text of one side of an equation to a polynomial in one letter, exactly.

A grammar of its own rather than sympy's parsers: those run what they read.

    sum     = ["-" | "+"] product {("+" | "-") product}
    product = power {["*" | "·" | "/"] power}
    power   = atom ["^" whole number]
    atom    = number | letter | fraction | "(" sum ")"
"""

import re
from collections.abc import Sequence
from typing import NoReturn

from sympy import Expr, Rational, Symbol

# What is longer or higher is no step of school algebra, and may be slow on purpose.
MOST_TOKENS = 60
MOST_DIGITS = 18
HIGHEST_POWER = 6  # of a power within a power the product counts
# With a bracket behind it, such a letter is a function rather than a factor.
FUNCTIONS = frozenset("fghpqFGHPQ")

_TOKEN = re.compile(
    r"\s+|(?P<frac>\\[dt]?frac)|(?P<times>\\cdot|\\times|[*·×])|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<letter>[A-Za-z](?![A-Za-z]))|(?P<sign>[-+/^(){}−])|\\(?:left|right|,|;|!)"
)


class NotPolynomial(Exception):
    """The text is something else."""


def parse_polynomial(text: str) -> tuple[Expr, set[Symbol]]:
    """Return the expression and its letters. Raises NotPolynomial."""
    tokens = _tokens(text)
    reader = _Reader(tokens)
    found = reader.sum()
    if reader.place != len(tokens):
        raise NotPolynomial
    return found, reader.letters


def _tokens(text: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None or len(found) >= MOST_TOKENS:
            raise NotPolynomial
        place = match.end()
        if match.lastgroup:
            found.append((match.lastgroup, match[0].replace("−", "-")))
    return found


class _Reader:
    def __init__(self, tokens: Sequence[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.place = 0
        self.letters: set[Symbol] = set()
        self.height = 1  # of the powers read so far within one another

    def sum(self) -> Expr:
        sign = -1 if self._take("-") else 1
        if sign == 1:
            self._take("+")
        total = sign * self.product()
        while self._peek() in ("+", "-"):
            sign = -1 if self._next() == "-" else 1
            total = total + sign * self.product()
        return total

    def product(self) -> Expr:
        found = self.power()
        while True:
            kind, text = self._token()
            if kind == "times":
                self.place += 1
                found = found * self.power()
            elif text == "/":
                self.place += 1
                found = found / self._divisor()
            elif kind in ("letter", "frac") or text == "(":
                found = found * self.power()
            else:
                return found

    def power(self) -> Expr:
        outer, self.height = self.height, 1
        base = self.atom()
        exponent = self._exponent() if self._take("^") else 1
        height = self.height * exponent
        if height > HIGHEST_POWER:
            raise NotPolynomial
        self.height = max(outer, height)
        return base**exponent

    def _exponent(self) -> int:
        braced = self._take("{")
        kind, text = self._token()
        if kind != "number" or not text.isdigit() or int(text) > HIGHEST_POWER:
            raise NotPolynomial
        self.place += 1
        if braced:
            self._expect("}")
        return int(text)

    def atom(self) -> Expr:
        kind, text = self._token()
        self.place += 1
        if kind == "number" and len(text) <= MOST_DIGITS:
            return Rational(text)
        if kind == "letter":
            if text in FUNCTIONS and self._peek() == "(":
                raise NotPolynomial
            letter = Symbol(text)
            self.letters.add(letter)
            return letter
        if kind == "frac":
            above, below = self._braced(), self._braced()
            return above / _nonzero(below)
        if text == "(":
            inside = self.sum()
            self._expect(")")
            return inside
        raise NotPolynomial

    def _divisor(self) -> Expr:
        """Read the next factor only: a slash takes no more. Refuse an ambiguous divisor."""
        kind, text = self._token()
        if kind != "number" and text != "(":
            raise NotPolynomial
        divisor = _nonzero(self.atom())
        if divisor.free_symbols or self._token()[0] in ("letter", "frac"):
            raise NotPolynomial
        return divisor

    def _braced(self) -> Expr:
        self._expect("{")
        inside = self.sum()
        self._expect("}")
        return inside

    def _token(self) -> tuple[str, str]:
        return self.tokens[self.place] if self.place < len(self.tokens) else ("", "")

    def _peek(self) -> str:
        return self._token()[1]

    def _next(self) -> str:
        self.place += 1
        return self.tokens[self.place - 1][1]

    def _take(self, text: str) -> bool:
        if self._peek() == text:
            self.place += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._take(text):
            _refuse()


def _nonzero(divisor: Expr) -> Expr:
    if divisor == 0 or divisor.free_symbols:
        raise NotPolynomial
    return divisor


def _refuse() -> NoReturn:
    raise NotPolynomial
