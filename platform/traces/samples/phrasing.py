r"""Phrases with gaps, turned into format strings once, so that filling one costs a single `%`.

A phrase names its values as <trays> and sets mathematics as [[<trays> * <each> = <made>]], or
[= ... =] for a displayed equation. In mathematics `*`, `a / b`, `~` and `%` mean the times sign,
a fraction, "about equal" and the percent sign; anything else is LaTeX. Each phrase is prepared in
every notation:

    dollar   $12 \times 5 = 60$
    paren    \(12 \times 5 = 60\)
    plain    12 × 5 = 60
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

NOTATIONS = ("dollar", "paren", "plain")

_MATHS = re.compile(r"\[\[(?P<inline>.*?)\]\]|\[=(?P<display>.*?)=\]", re.DOTALL)
_NAME = re.compile(r"<(\w+)>")
_QUOTIENT = re.compile(r"(\([^()]*\)|[\w.<>]+) / (\([^()]*\)|[\w.<>]+)")


@dataclass(frozen=True, slots=True)
class Phrase:
    """`forms` and `sums` map a notation to a %-format; `names` are the values it mentions.

    `sums` holds the left side of the equation for the value that the phrase computes. It is empty
    if the phrase states no such equation.
    """

    forms: Mapping[str, str]
    sums: Mapping[str, str]
    names: frozenset[str]


def phrase(text: str, gives: str = "") -> Phrase:
    """Return the prepared phrase; `gives` names the value that its equation computes."""
    return Phrase(
        forms={notation: _format(_render(text, notation)) for notation in NOTATIONS},
        sums=_sum(text, gives),
        names=frozenset(_NAME.findall(text)),
    )


def phrases(texts: tuple[str, ...], gives: str = "") -> tuple[Phrase, ...]:
    """Return the prepared phrases of the texts."""
    return tuple(phrase(text, gives) for text in texts)


def _sum(text: str, gives: str) -> dict[str, str]:
    for match in _MATHS.finditer(text):
        left, equals, right = (match[1] or match[2]).replace("&", "").rpartition(" = ")
        if equals and gives and right.strip().rstrip("%") == f"<{gives}>":
            left = left.rpartition("\\\\")[2].rpartition(" = ")[2].strip()
            return {notation: _format(_maths(left, notation, None)) for notation in NOTATIONS}
    return {}


def _render(text: str, notation: str) -> str:
    return _MATHS.sub(lambda match: _maths(match[1] or match[2], notation, match[1] is None), text)


def _maths(source: str, notation: str, display: bool | None) -> str:
    """Return the mathematics in a notation: displayed, inline, or (None) without delimiters."""
    if notation == "plain":
        source = source.replace(" * ", " × ").replace(" / ", " ÷ ").replace(" ~ ", " ≈ ")
        return source.replace("&", "")
    source = _QUOTIENT.sub(_fraction, source).replace(" * ", r" \times ")
    source = source.replace(" ~ ", r" \approx ").replace("%", r"\%")
    if display is None:
        return source
    if display:
        if "&" in source:
            source = r"\begin{aligned}" + source + r"\end{aligned}"
        return rf"\[{source}\]" if notation == "paren" else f"$${source}$$"
    return rf"\({source}\)" if notation == "paren" else f"${source}$"


def _fraction(match: re.Match[str]) -> str:
    above, below = (part.removeprefix("(").removesuffix(")") for part in match.groups())
    return rf"\frac{{{above}}}{{{below}}}"


def _format(text: str) -> str:
    return _NAME.sub(r"%(\1)s", text.replace("%", "%%"))
