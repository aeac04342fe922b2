"""A recursive-descent parser from tokens to the tree of one expression.

It takes the longest expression that begins at a token. `chains` decides which tokens may be before
and after it for the result to be everything that was written.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from inference.backends.arithmetic.cursor import SUPERSCRIPTS, Cursor, Unreadable
from inference.backends.arithmetic.lexer import Kind, Token, number_decimals, number_value
from inference.backends.arithmetic.nodes import (
    Choose,
    Factor,
    Factorial,
    Group,
    Mixed,
    Negative,
    Node,
    Number,
    Percent,
    Pi,
    Power,
    Product,
    Quotient,
    Root,
    Sum,
    Term,
)
from inference.backends.arithmetic.words import GLUED_UNITS, WORD, read_words

MAX_DEPTH = 25

STARTERS = frozenset(
    [
        Kind.NUMBER,
        Kind.OPEN,
        Kind.LEFT_BRACE,
        Kind.BOX,
        Kind.FRACTION,
        Kind.ROOT,
        Kind.BINOMIAL,
        Kind.PI,
        Kind.DOLLAR,
        Kind.CURRENCY,
    ]
)
# After these a number is an operand with no mark, unit or power to look for.
BARE = frozenset([Kind.OPERATOR, Kind.EQUAL, Kind.CLOSE, Kind.RIGHT_BRACE, Kind.MATH_CLOSE])
NEARBY = frozenset([Kind.OPEN, Kind.FRACTION, Kind.ROOT, Kind.BINOMIAL, Kind.PI, Kind.BOX])


@dataclass(frozen=True, slots=True)
class Expression:
    """A tree, and the index of the first token after it."""

    node: Node
    stop: int


def parse(tokens: Sequence[Token], start: int) -> Expression:
    """Return the longest expression from `tokens[start]`. Raises Unreadable without one."""
    parser = _Parser(tokens, start)
    node = parser.sum()
    return Expression(node, parser.at)


class _Parser(Cursor):
    """A cursor that builds the tree, one method a rank of operators, the loosest first."""

    def sum(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Unreadable("nested too deeply")
        terms = [Term("+", self.product())]
        while (sign := self.operator()) in ("+", "-"):
            self.at += 1
            terms.append(Term(sign, self.product()))
        self.depth -= 1
        return terms[0].node if len(terms) == 1 else Sum(tuple(terms))

    def operator(self) -> str:
        """Return the next operator, a sign or words, without taking it."""
        token = self.tokens[self.at]
        if token.kind is Kind.OPERATOR:
            return token.text
        if token.kind in (Kind.WORDS, Kind.TEXT):
            reading = read_words(token.text)
            if reading.operator and reading.plain and self.begins_operand(1):
                return reading.operator
        return ""

    def begins_operand(self, ahead: int) -> bool:
        return self.peek(ahead).kind in STARTERS

    def product(self) -> Node:
        factors = [Factor("*", self.signed())]
        while True:
            sign = self.operator()
            if sign in ("*", "/", "div", "of"):
                if sign == "of" and not _is_share(factors):
                    raise Unreadable("'of' after something that is no share")
                self.at += 1
                factors.append(Factor(sign, self.signed()))
            elif self.multiplies_by_nearness():
                factors.append(Factor("", self.powered()))
            else:
                break
        return factors[0].node if len(factors) == 1 else Product(tuple(factors))

    def multiplies_by_nearness(self) -> bool:
        token, before = self.peek(), self.peek(-1)
        if before.kind in (Kind.WORDS, Kind.TEXT, Kind.PERCENT, Kind.DEGREE):
            return False
        if token.kind is Kind.OPEN:
            return self.peek(1).kind in STARTERS or self.peek(1).kind is Kind.OPERATOR
        if token.kind is Kind.NUMBER:
            return before.kind is Kind.CLOSE and before.end == token.start
        return token.kind in NEARBY

    def signed(self) -> Node:
        token, following = self.tokens[self.at], self.tokens[self.at + 1]
        if token.kind is Kind.NUMBER and following.kind in BARE and following.text != "/":
            self.take(Kind.NUMBER)
            return Number(number_value(token.text), number_decimals(token.text))
        if self.next_is(Kind.OPERATOR) and self.peek().text == "-":
            self.at += 1
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise Unreadable("too many signs")
            inner = Negative(self.signed())
            self.depth -= 1
            return inner
        return self.powered()

    def powered(self) -> Node:
        node = self.marked()
        token = self.tokens[self.at]
        if token.kind is Kind.POWER:
            self.at += 1
            if token.text in SUPERSCRIPTS:
                node = Power(node, Number(SUPERSCRIPTS[token.text]))
            else:
                node = Power(node, self.exponent())
        elif token.text == "**" and self.is_glued():
            self.at += 1
            node = Power(node, self.exponent())
        if self.next_is(Kind.POWER):
            raise Unreadable("a tower of powers")
        self.marks_after_power()
        return node

    def is_glued(self) -> bool:
        """Return whether the next token touches its neighbours, a number or bracket following."""
        before, token, after = self.tokens[self.at - 1 : self.at + 2]
        touches = before.end == token.start and token.end == after.start
        return touches and after.kind in (Kind.NUMBER, Kind.OPEN)

    def exponent(self) -> Node:
        if self.next_is(Kind.OPERATOR) and self.peek().text == "-":
            self.at += 1
            return Negative(self.primary())
        return self.primary()

    def marks_after_power(self) -> None:
        if self.next_is(Kind.FACTORIAL):
            raise Unreadable("a factorial of a power")
        self.skip_unit()

    def marked(self) -> Node:
        """Return an operand with the marks and the unit after it."""
        node = self.primary()
        while True:
            if self.next_is(Kind.PERCENT):
                node = Percent(node)
            elif self.next_is(Kind.FACTORIAL):
                if isinstance(node, Factorial):
                    raise Unreadable("a double factorial")
                node = Factorial(node)
            elif not self.next_is(Kind.DEGREE):
                break
            self.at += 1
        words = self.peek()
        if words.kind is Kind.WORDS and words.start == self.peek(-1).end:
            first = WORD.match(words.text)
            crossing = words.text in ("x", "X") and self.begins_operand(1)
            if not crossing and (first is None or first.group() not in GLUED_UNITS):
                raise Unreadable("letters touch a number")
        worded = words.kind in (Kind.WORDS, Kind.TEXT) and self.peek(-1).kind is Kind.NUMBER
        if worded and read_words(words.text).percent:
            node = Percent(node)
        self.skip_unit()
        return node

    def primary(self) -> Node:
        token = self.tokens[self.at]
        kind = token.kind
        if self.at >= self.limit:
            raise Unreadable("too long")
        if kind is Kind.NUMBER:
            return self.number()
        if kind in (Kind.DOLLAR, Kind.CURRENCY):
            self.at += 1
            if not self.next_is(Kind.NUMBER):
                raise Unreadable("a currency sign without an amount")
            return self.number()
        if kind in (Kind.OPEN, Kind.LEFT_BRACE):
            return self.bracketed()
        if kind is Kind.BOX:
            self.at += 1
            return self.braced()
        if kind is Kind.FRACTION:
            self.at += 1
            top = self.argument()
            return Quotient(top, self.argument())
        if kind is Kind.ROOT:
            return self.root()
        if kind is Kind.BINOMIAL:
            self.at += 1
            top = self.braced()
            return Choose(top, self.braced())
        if kind is Kind.PI:
            self.at += 1
            return Pi()
        raise Unreadable("no operand here")

    def bracketed(self) -> Node:
        opening = self.peek()
        self.at += 1
        node = Group(self.sum())
        if opening.kind is Kind.LEFT_BRACE:
            self.take(Kind.RIGHT_BRACE)
        else:
            closing = self.take(Kind.CLOSE)
            if (opening.text == "(") != (closing.text == ")"):
                raise Unreadable("brackets of different kinds: an interval")
        return node

    def braced(self) -> Node:
        self.take(Kind.LEFT_BRACE)
        node = Group(self.sum())
        self.take(Kind.RIGHT_BRACE)
        return node

    def argument(self) -> Node:
        r"""Return a fraction's numerator or denominator: braces, or one digit as in \frac1{2}."""
        if self.next_is(Kind.LEFT_BRACE):
            return self.braced()
        token = self.take(Kind.NUMBER)
        if len(token.text) > 1:
            raise Unreadable("an argument of several digits without braces")
        return Number(number_value(token.text))

    def root(self) -> Node:
        drawn = self.take(Kind.ROOT).text == "√"
        if drawn:
            return Root(self.primary())
        degree = 2
        if self.peek().text == "[":
            self.at += 1
            text = self.take(Kind.NUMBER).text
            degree = int(text) if text.isdigit() else 0
            self.take(Kind.CLOSE)
        return Root(self.argument(), degree)

    def number(self) -> Node:
        token = self.take(Kind.NUMBER)
        value, decimals = number_value(token.text), number_decimals(token.text)
        following = self.peek()
        if following.kind is Kind.ELLIPSIS and following.start == token.end:
            if not decimals:
                raise Unreadable("an ellipsis after a whole number: a list")
            self.at += 1
            return Number(value, decimals, open_ended=True)
        if isinstance(value, int) and not decimals:
            part = self.proper_fraction()
            if part is not None:
                return Mixed(Number(value), part)
        return Number(value, decimals)

    def proper_fraction(self) -> Node | None:
        r"""Return the fraction of a mixed number, 2\frac{1}{2} or 2 1/2, if one comes next."""
        start = self.at
        if self.next_is(Kind.FRACTION):
            part = self.primary()
            if isinstance(part, Quotient) and _is_proper(part):
                return part
            self.at = start
        elif self.next_is(Kind.NUMBER) and self.peek(1).text == "/":
            top, bottom = self.peek().text, self.peek(2).text
            whole = self.peek(2).kind is Kind.NUMBER and top.isdigit() and bottom.isdigit()
            if whole and 0 < int(top) < int(bottom):
                self.at += 3
                return Quotient(Number(int(top)), Number(int(bottom)))
        return None


def _is_proper(part: Quotient) -> bool:
    top = part.top.inner if isinstance(part.top, Group) else part.top
    bottom = part.bottom.inner if isinstance(part.bottom, Group) else part.bottom
    if not isinstance(top, Number) or not isinstance(bottom, Number):
        return False
    return isinstance(top.value, int) and isinstance(bottom.value, int) and top.value < bottom.value


def _is_share(factors: Sequence[Factor]) -> bool:
    """Return whether 'of' after these factors means times: a percentage or a fraction."""
    last = factors[-1]
    if last.sign == "/":
        return isinstance(last.node, Number) and isinstance(factors[-2].node, Number)
    return isinstance(last.node, Percent | Quotient)
