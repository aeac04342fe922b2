"""LaTeX to MathML, with limits on the length and depth of the input and the size of the output."""

import re
from functools import lru_cache

from django.utils.html import escape
from math_core import LatexError, LatexToMathML

from traces.typesetting import controls, tex

LONGEST = 5_000  # characters; the longest in ProcessBench is under 1,000
DEEPEST = 40  # nested groups; the parser is recursive, and a stack overflow ends the process
WIDEST_OUTPUT = 400_000
FARTHEST = 30.0  # em that one space or shift may move its content
FARTHEST_BACK = 4.0  # em that all spaces together may move back over the text before

_CONVERTER = LatexToMathML(macros=tex.MACROS, fancy_error=False, max_expansions=500)

# A definition could avoid the limits here, and it would end with its formula anyway.
_DEFINITION = re.compile(
    r"\\(?:[gex]?def|let|futurelet|(?:re)?newcommand|providecommand|DeclareMathOperator"
    r"|(?:re)?newenvironment|catcode|csname|char|mathchardef|require|loop)(?![A-Za-z])"
)
_NESTING = re.compile(
    r"\\[\\{}]|(?P<open>[{(\[]|\\left\b|\\begin\b)|(?P<close>[})\]]|\\right\b|\\end\b)"
)
# Commands can take each other as arguments without a brace: \frac1\frac1\frac1.
_COMMAND_RUN = re.compile(r"(?>\\[A-Za-z]++\s*+[0-9a-z]?+\s*+|[\^_]\s*+){150}+")
_STYLE = re.compile(r'(<[a-z]+(?: [a-z-]+="[^"<>]*")*?)( class="[^"<>]*")? style="([^"<>]*)"')
_LENGTH = re.compile(r'(?:width|height|depth|lspace|rspace|voffset)="(-?[\d.]+)')
_MARGIN = re.compile(r"margin-left:(-?[\d.]+)em")

# math-core writes some inline styles, which the content security policy forbids.
_CLASS_OF_STYLE = {
    "text-align:right": "cell-right",
    "text-align:left": "cell-left",
    "padding-left:0": "flush-left",
    "padding-right:0": "flush-right",
    "padding-left:1em": "gap-left",
    "padding-right:0.1667em": "thin-right",
    "padding-top:0.1667em": "thin-top",
    "padding-top:0": "flush-top",
    "padding-bottom:0": "flush-bottom",
    "border-top:0.05em solid currentcolor": "rule-top",
    "border-bottom:0.05em solid currentcolor": "rule-bottom",
    "border-left:0.05em solid currentcolor": "rule-left",
    "border-right:0.05em solid currentcolor": "rule-right",
    "margin-left:-0.16666667em": "back-thin",
    "margin-left:-0.22222222em": "back-medium",
    "margin-left:-0.2777778em": "back-thick",
    "font-variant-caps:small-caps": "small-caps",
}
CLASSES = frozenset(_CLASS_OF_STYLE.values())


def set_mathematics(body: str, source: str, *, display: bool) -> str:
    """Return `body` as HTML, or `source` marked as such if it can't be typeset."""
    mathml = to_mathml(body.strip(), display=display)
    if mathml is None:
        return as_source(source)
    return f'<span class="math-display">{mathml}</span>' if display else mathml


def as_source(source: str) -> str:
    """Return the source of a formula as marked code."""
    title = "This could not be set as mathematics; it is shown as written."
    return f'<code class="math-source" title="{title}">{controls.show(escape(source))}</code>'


def to_mathml(body: str, *, display: bool) -> str | None:
    """Return the formula as MathML, or None if it can't be typeset within the limits."""
    if len(body) > 300:
        return _convert(body, display)
    return _convert_cached(body, display)


def _convert(body: str, display: bool) -> str | None:
    if not body or len(body) > LONGEST or controls.CONTROL.search(body):
        return None
    source = tex.amend(body)
    if not _is_bounded(source):
        return None
    try:
        mathml = _CONVERTER.convert_with_local_state(source, displaystyle=display)
    except LatexError:
        return None
    if len(mathml) > WIDEST_OUTPUT or controls.CONTROL.search(mathml) or _reaches_out(mathml):
        return None
    return _STYLE.sub(_class_for_style, mathml) if " style=" in mathml else mathml


_convert_cached = lru_cache(maxsize=4096)(_convert)


def _is_bounded(source: str) -> bool:
    """Return True if the source has no definition and no nesting too deep for the parser."""
    if _DEFINITION.search(source):
        return False
    depth = 0
    for match in _NESTING.finditer(source):
        if match["open"]:
            depth += 1
        elif match["close"]:
            depth = max(depth - 1, 0)
        if depth > DEEPEST:
            return False
    return not _COMMAND_RUN.search(source)


def _reaches_out(mathml: str) -> bool:
    """Return True if a space or shift could move content over the rest of the page."""
    lengths = [float(length) for length in _LENGTH.findall(mathml)]
    back = sum(float(margin) for margin in _MARGIN.findall(mathml))
    back += sum(length for length in lengths if length < 0)
    return (
        back < -FARTHEST_BACK
        or sum(abs(length) for length in lengths) > FARTHEST * 10
        or (max(map(abs, lengths), default=0.0) > FARTHEST)
    )


def _class_for_style(match: re.Match[str]) -> str:
    rules = (rule.strip().replace(": ", ":") for rule in match[3].split(";"))
    names = [_CLASS_OF_STYLE[rule] for rule in rules if rule in _CLASS_OF_STYLE]
    if match[2]:
        names.append(match[2].removeprefix(' class="').removesuffix('"'))
    return match[1] + (f' class="{" ".join(names)}"' if names else "")
