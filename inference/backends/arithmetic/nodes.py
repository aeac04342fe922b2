"""The tree of an expression: what was written, before anyone decides what it is worth."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Number:
    """A literal; `open_ended` where an ellipsis or a bar says that its digits go on."""

    value: int | Fraction
    decimals: int = 0
    open_ended: bool = False


@dataclass(frozen=True, slots=True)
class Pi:
    """The circle's constant."""


@dataclass(frozen=True, slots=True)
class Group:
    """Something in brackets or a box."""

    inner: "Node"


@dataclass(frozen=True, slots=True)
class Negative:
    """A leading minus. It applies to a whole power: -3^2 is -(3^2)."""

    inner: "Node"


@dataclass(frozen=True, slots=True)
class Percent:
    """A number with a percent sign."""

    inner: "Node"


@dataclass(frozen=True, slots=True)
class Factorial:
    """`last` where the mark ends the expression and may be the sentence's."""

    inner: "Node"


@dataclass(frozen=True, slots=True)
class Power:
    """A base and its exponent."""

    base: "Node"
    exponent: "Node"


@dataclass(frozen=True, slots=True)
class Root:
    """A square root, or that of a higher degree."""

    inner: "Node"
    degree: int = 2


@dataclass(frozen=True, slots=True)
class Quotient:
    r"""A fraction drawn as one: \frac{a}{b}."""

    top: "Node"
    bottom: "Node"


@dataclass(frozen=True, slots=True)
class Mixed:
    r"""A whole number before a proper fraction: 2\frac{1}{2}, which some mean as a product."""

    whole: "Node"
    part: "Node"


@dataclass(frozen=True, slots=True)
class Choose:
    """A binomial coefficient."""

    n: "Node"
    k: "Node"


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of a product; `sign` is *, /, div, "of" or "" where nothing was written."""

    sign: str
    node: "Node"


@dataclass(frozen=True, slots=True)
class Product:
    """Factors in the order written; the first one's sign is *."""

    factors: tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a sum; `sign` is + or -."""

    sign: str
    node: "Node"


@dataclass(frozen=True, slots=True)
class Sum:
    """Terms in the order written; the first one's sign is +."""

    terms: tuple[Term, ...]


Node = (
    Number
    | Pi
    | Group
    | Negative
    | Percent
    | Factorial
    | Power
    | Root
    | Quotient
    | Mixed
    | Choose
    | Product
    | Sum
)
