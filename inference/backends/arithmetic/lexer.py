"""Tokens of a step: numbers, operators, brackets, words, and the rest.

One pass of one expression, linear in the length. Anything without a meaning here becomes `BAD`, and
an expression that touches a `BAD` token is left alone.
"""

import re
from enum import IntEnum, auto
from fractions import Fraction
from typing import NamedTuple

MAX_DIGITS = 60


class Kind(IntEnum):
    """What a token is to the reader of expressions."""

    NUMBER = auto()
    OPERATOR = auto()  # text is one of + - * / or "div" for a sign that is never a fraction's bar
    POWER = auto()
    OPEN = auto()
    CLOSE = auto()
    LEFT_BRACE = auto()
    RIGHT_BRACE = auto()
    BOX = auto()
    FRACTION = auto()
    ROOT = auto()
    BINOMIAL = auto()
    PI = auto()
    FACTORIAL = auto()
    PERCENT = auto()
    DEGREE = auto()
    DOLLAR = auto()  # money, or the edge of a formula
    CURRENCY = auto()
    EQUAL = auto()
    APPROXIMATE = auto()
    COMPARE = auto()
    BOUNDARY = auto()  # what parts one statement from the next: an arrow, <<, a bullet
    PUNCTUATION = auto()
    COLON = auto()
    NEWLINE = auto()
    MATH_OPEN = auto()
    MATH_CLOSE = auto()
    WORDS = auto()
    TEXT = auto()  # \text{...}; the token's text is what is inside
    ELLIPSIS = auto()
    BAD = auto()


class Token(NamedTuple):
    """A piece of a step; `start` and `end` are character offsets in it."""

    kind: Kind
    text: str
    start: int
    end: int


SCANNER = re.compile(
    r"""
      (?P<repeating>(?<![\d.])\d{1,20}\.\d{0,20}\\(?:overline|bar)\{\d{1,20}\})
    | (?P<number>\d+(?:(?:[.,:]|\{,\}|,\\!|\\,|\\;)\d+)*|(?<![\w.])\.\d+)
    | (?P<words>[^\W\d_]+(?:[ '’][^\W\d_]+)*)
    | (?P<text>\\(?:text|textrm|textbf|textit|mathrm|mbox)\s?\{[^{}\\$]{0,200}\})
    | (?P<command>\\[A-Za-z]+)
    | (?P<escape>\\.)
    | (?P<degree>\^\s?(?:\{\s?\\circ\s?\}|\\circ))
    | (?P<compound>\*\*|<<|>>|>=|<=|!=|/=|==|=>|->|:=|\.\.+)
    | (?P<newline>\n)
    | (?P<symbol>\S)
    """,
    re.VERBOSE,
)
THOUSANDS = re.compile(r"(\d{1,3})((?:(?:,|\{,\}|,\\!|\\,|\\;)\d{3})+)(\.\d+)?")
PLAIN = re.compile(r"\d+(?:\.\d+)?|\.\d+")
SEPARATORS = re.compile(r"[^\d.]")

SYMBOLS = {
    "+": (Kind.OPERATOR, "+"),
    "-": (Kind.OPERATOR, "-"),
    "−": (Kind.OPERATOR, "-"),
    "–": (Kind.OPERATOR, "-"),
    "*": (Kind.OPERATOR, "*"),
    "×": (Kind.OPERATOR, "*"),
    "·": (Kind.OPERATOR, "*"),
    "⋅": (Kind.OPERATOR, "*"),
    "∙": (Kind.OPERATOR, "*"),
    "∗": (Kind.OPERATOR, "*"),
    "/": (Kind.OPERATOR, "/"),
    "∕": (Kind.OPERATOR, "/"),
    "⁄": (Kind.OPERATOR, "/"),
    "÷": (Kind.OPERATOR, "div"),
    "^": (Kind.POWER, "^"),
    "²": (Kind.POWER, "²"),
    "³": (Kind.POWER, "³"),
    "(": (Kind.OPEN, "("),
    "[": (Kind.OPEN, "["),
    ")": (Kind.CLOSE, ")"),
    "]": (Kind.CLOSE, "]"),
    "{": (Kind.LEFT_BRACE, "{"),
    "}": (Kind.RIGHT_BRACE, "}"),
    "√": (Kind.ROOT, "√"),
    "π": (Kind.PI, "π"),
    "!": (Kind.FACTORIAL, "!"),
    "%": (Kind.PERCENT, "%"),
    "°": (Kind.DEGREE, "°"),
    "$": (Kind.DOLLAR, "$"),
    "€": (Kind.CURRENCY, "€"),
    "£": (Kind.CURRENCY, "£"),
    "₹": (Kind.CURRENCY, "₹"),
    "¥": (Kind.CURRENCY, "¥"),
    "=": (Kind.EQUAL, "="),
    "≈": (Kind.APPROXIMATE, "≈"),
    "≃": (Kind.APPROXIMATE, "≈"),
    "≅": (Kind.APPROXIMATE, "≈"),
    "<": (Kind.COMPARE, "<"),
    ">": (Kind.COMPARE, ">"),
    "≤": (Kind.COMPARE, "≤"),
    "≥": (Kind.COMPARE, "≥"),
    "≠": (Kind.COMPARE, "≠"),
    "→": (Kind.BOUNDARY, "→"),
    "⇒": (Kind.BOUNDARY, "⇒"),
    "•": (Kind.BOUNDARY, "•"),
    "—": (Kind.BOUNDARY, "—"),
    "&": (Kind.NEWLINE, "&"),
    ".": (Kind.PUNCTUATION, "."),
    ",": (Kind.PUNCTUATION, ","),
    ";": (Kind.PUNCTUATION, ";"),
    "?": (Kind.BAD, "?"),
    ":": (Kind.COLON, ":"),
    "：": (Kind.COLON, ":"),
    "…": (Kind.ELLIPSIS, "…"),
}
COMPOUNDS = {
    "**": (Kind.BOUNDARY, "**"),
    "<<": (Kind.BOUNDARY, "<<"),
    ">>": (Kind.BOUNDARY, ">>"),
    ">=": (Kind.COMPARE, "≥"),
    "<=": (Kind.COMPARE, "≤"),
    "!=": (Kind.COMPARE, "≠"),
    "/=": (Kind.COMPARE, "≠"),
    "==": (Kind.EQUAL, "="),
    "=>": (Kind.BOUNDARY, "⇒"),
    "->": (Kind.BOUNDARY, "→"),
    ":=": (Kind.COMPARE, ":="),
}
COMMANDS = {
    "times": (Kind.OPERATOR, "*"),
    "cdot": (Kind.OPERATOR, "*"),
    "ast": (Kind.OPERATOR, "*"),
    "div": (Kind.OPERATOR, "div"),
    "frac": (Kind.FRACTION, "frac"),
    "dfrac": (Kind.FRACTION, "frac"),
    "tfrac": (Kind.FRACTION, "frac"),
    "cfrac": (Kind.FRACTION, "frac"),
    "sqrt": (Kind.ROOT, "sqrt"),
    "binom": (Kind.BINOMIAL, "binom"),
    "dbinom": (Kind.BINOMIAL, "binom"),
    "tbinom": (Kind.BINOMIAL, "binom"),
    "boxed": (Kind.BOX, "boxed"),
    "pi": (Kind.PI, "π"),
    "degree": (Kind.DEGREE, "°"),
    "pounds": (Kind.CURRENCY, "£"),
    "euro": (Kind.CURRENCY, "€"),
    "approx": (Kind.APPROXIMATE, "≈"),
    "simeq": (Kind.APPROXIMATE, "≈"),
    "doteq": (Kind.APPROXIMATE, "≈"),
    "lt": (Kind.COMPARE, "<"),
    "gt": (Kind.COMPARE, ">"),
    "le": (Kind.COMPARE, "≤"),
    "leq": (Kind.COMPARE, "≤"),
    "ge": (Kind.COMPARE, "≥"),
    "geq": (Kind.COMPARE, "≥"),
    "ne": (Kind.COMPARE, "≠"),
    "neq": (Kind.COMPARE, "≠"),
    "implies": (Kind.BOUNDARY, "⇒"),
    "Rightarrow": (Kind.BOUNDARY, "⇒"),
    "Longrightarrow": (Kind.BOUNDARY, "⇒"),
    "rightarrow": (Kind.BOUNDARY, "→"),
    "to": (Kind.BOUNDARY, "→"),
    "iff": (Kind.BOUNDARY, "⇔"),
    "therefore": (Kind.BOUNDARY, "∴"),
    "ldots": (Kind.ELLIPSIS, "…"),
    "cdots": (Kind.ELLIPSIS, "…"),
    "dots": (Kind.ELLIPSIS, "…"),
    "dotsc": (Kind.ELLIPSIS, "…"),
    "dotsb": (Kind.ELLIPSIS, "…"),
}
SPACES = frozenset(
    ["left", "right", "quad", "qquad", "displaystyle", "big", "Big", "bigg", "Bigg"]
).union(["bigl", "bigr", "Bigl", "Bigr", "biggl", "biggr"])
ESCAPES = {
    "\\(": (Kind.MATH_OPEN, "("),
    "\\[": (Kind.MATH_OPEN, "["),
    "\\)": (Kind.MATH_CLOSE, ")"),
    "\\]": (Kind.MATH_CLOSE, "]"),
    "\\\\": (Kind.NEWLINE, "\\\\"),
    "\\$": (Kind.CURRENCY, "$"),
    "\\%": (Kind.PERCENT, "%"),
    "\\&": (Kind.BAD, "&"),
}
SPACE_ESCAPES = frozenset(["\\,", "\\;", "\\:", "\\!", "\\ ", "\\>"])
TABLES = {"symbol": SYMBOLS, "compound": COMPOUNDS, "escape": ESCAPES}


END = Token(Kind.NEWLINE, "", -1, -1)
CUT = Token(Kind.BAD, "", -1, -1)
LOOKAHEAD = 4


def tokens_of(step: str, start: int, stop: int) -> list[Token]:
    """Return the tokens of a stretch of a step in order, without spaces and sizing commands.

    A few `END` tokens close the list, so that a reader may look ahead without asking for its
    length. A stretch that isn't cut at the edge of a sentence has a `BAD` token there, so that
    nothing is read that the cut may have shortened. Offsets are those in the step.
    """
    tokens = [] if _is_edge(step, start) else [CUT]
    for match in SCANNER.finditer(step, start, stop):
        group, text = match.lastgroup, match.group()
        if group == "words":
            kind = Kind.WORDS
        elif group == "number":
            kind = Kind.NUMBER if is_number(text) else Kind.BAD
        elif group == "repeating":
            kind = Kind.NUMBER
        elif group == "command":
            if text[1:] in SPACES:
                continue
            kind, text = COMMANDS.get(text[1:], (Kind.BAD, text))
        elif group == "text":
            kind, text = Kind.TEXT, text[text.index("{") + 1 : -1].strip()
        elif group == "newline":
            kind = Kind.NEWLINE
        elif group == "degree":
            kind = Kind.DEGREE
        elif text in SPACE_ESCAPES:
            continue
        elif text[0] == "." and len(text) > 1:
            kind = Kind.ELLIPSIS
        else:
            kind, text = TABLES[str(group)].get(text, (Kind.BAD, text))
        tokens.append(Token(kind, text, match.start(), match.end()))
    if not _is_edge(step, stop):
        tokens.append(CUT)
    tokens.extend([END] * LOOKAHEAD)
    return tokens


def _is_edge(step: str, index: int) -> bool:
    return index in (0, len(step)) or step[index - 1] == "\n" or step[index - 1 : index + 1] == ". "


def is_number(text: str) -> bool:
    """Return whether digits and separators are one plain number: not 3:45, 1.2.3, 1,2 or 007."""
    if len(text) > MAX_DIGITS:
        return False
    if len(text) > 1 and text[0] == "0" and text[1] != ".":
        return False
    if text.isascii() and text.isdigit():
        return True
    return text.isascii() and bool(PLAIN.fullmatch(text) or THOUSANDS.fullmatch(text))


def number_value(text: str) -> int | Fraction:
    """Return the value of a number token's text, exact for a bar over repeating digits."""
    if text.endswith("}"):
        return _repeating_value(text)
    if text.isdigit():
        return int(text)
    whole, _, decimals = SEPARATORS.sub("", text).partition(".")
    return Fraction(int(whole + decimals), 10 ** len(decimals)) if decimals else int(whole)


def number_decimals(text: str) -> int:
    """Return the number of digits after the point; 0 for repeating ones, which are exact."""
    if text.endswith("}"):
        return 0
    return len(text) - text.index(".") - 1 if "." in text else 0


def _repeating_value(text: str) -> Fraction:
    r"""Return the value of a decimal with a bar: 0.1\overline{6} is 0.1 and 6/90."""
    written, _, repeated = text.partition("\\")
    digits = repeated[repeated.index("{") + 1 : -1]
    scale = 10 ** len(written.partition(".")[2])
    return Fraction(written + "0") + Fraction(int(digits), scale * (10 ** len(digits) - 1))
