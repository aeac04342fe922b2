r"""LaTeX as people and models write it, amended for math-core.

Two rules: a change may not alter what a reader of the source would see, and no text may vanish (an
unescaped `%` begins a comment in TeX; in a trace it is a per cent sign).
"""

import re

# Commands that math-core lacks, or knows only in numbered equations.
MACROS = {
    "tag": r"\qquad(\text{#1})",
    "eqref": r"(\text{#1})",
    "ref": r"\text{#1}",
    "mbox": r"\text{#1}",
    "hbox": r"\text{#1}",
    "ensuremath": "#1",
    "substack": r"\begin{matrix}#1\end{matrix}",
    "overarc": r"\overset{\frown}{#1}",
    "wideparen": r"\overset{\frown}{#1}",
    "arc": r"\overset{\frown}{#1}",
    "cancelto": r"\overset{#1}{\cancel{#2}}",
    "pmb": r"\boldsymbol{#1}",
    "smash": "#1",
    "widetilde": r"\tilde{#1}",
    "dotsb": r"\cdots",
    "dotsm": r"\cdots",
    "dotsi": r"\cdots",
    "dotsc": r"\ldots",
    "dotso": r"\ldots",
    "hdots": r"\ldots",
    "lcm": r"\operatorname{lcm}",
    "sgn": r"\operatorname{sgn}",
    "sign": r"\operatorname{sign}",
    "cis": r"\operatorname{cis}",
    "euro": r"\text{€}",
    "cent": r"\text{¢}",
    "textdollar": r"\$",
    "qed": r"\square",
    "hfill": r"\quad",
    "allowbreak": "",
    "noindent": "",
    "n": "",  # a line break that was escaped twice
    "small": "",
    "large": "",
    "Large": "",
    "normalsize": "",
}

_ENVIRONMENTS = {
    "align": "aligned",
    "alignat": "aligned",
    "aligned": "aligned",
    "flalign": "aligned",
    "split": "aligned",
    "gather": "gathered",
    "multline": "gathered",
    "smallmatrix": "matrix",
}
_SIGNS = {
    "√": r"\text{√}",
    "∅": r"\emptyset ",
    "∠": r"\angle ",
    "∴": r"\therefore ",
    "∵": r"\because ",
    "⊥": r"\perp ",
    "⊤": r"\top ",
}
_TABULAR = re.compile(
    r"\\begin\{tabular\}\s*(?:\[[tcb]\])?\s*\{((?:[^{}]|\{[^{}]*\})*)\}(.*?)\\end\{tabular\}",
    re.DOTALL,
)
_MULTICOLUMN = re.compile(r"\\multicolumn\{([1-9])\}\{[^{}]*\}\{([^{}]*)\}")
_CELL_END = re.compile(r"(\\\\|(?<!\\)&|\\hline)")
_DELIMITED = re.compile(r"\A\\[(\[](.*)\\[)\]]\Z", re.DOTALL)
_BARE = re.compile(r"(?<!\\)((?:\\\\)*)([%#$])")
_ROOT_SIGN = re.compile(r"√\s*(\d+(?:\.\d+)?|[A-Za-z]|\{)")
_SIGN = re.compile("[√∅∠∴∵⊥⊤]")
_TEXT = re.compile(r"(\\(?:text[a-z]*|mbox|hbox)\s*\{)([^{}]*)(?=\})")
_TEXT_MATHS = re.compile(r"(?<!\\)\$([^$]*)(?<!\\)\$|\\\((.*?)\\\)")
_TEXT_SPECIAL = re.compile(r"(?<!\\)([_&])")
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([A-Za-z]+)\*?\}")
_ALIGNAT = re.compile(r"(\\begin\{alignat\*?\})\s*\{\d+\}")
_ARRAY_EDGE = re.compile(
    r"(?P<begin>\\begin\{array\}\s*(?:\[[tcb]\])?\s*\{(?P<columns>(?:[^{}]|\{[^{}]*\})*)\})"
    r"|(?P<line>\\\\\s*\\hline\s*)?\\end\{array\}"
)
_COLUMN = re.compile(r"\*\s*\{(\d{1,2})\}\s*\{([^{}]*)\}|[@!<>]\s*\{[^{}]*\}|([pmb])\s*\{[^{}]*\}")
_ROOT = re.compile(r"\\root\s*(\{[^{}]*\}|\d+|[a-z])\s*\\of\s*(\{[^{}]*\}|\d+|[a-z])")
_LABEL = re.compile(r"\\label\s*\{[^{}]*\}|\\renewcommand\s*\{?\\arraystretch\}?\s*\{[\d.]+\}")
_ROW_GAP = re.compile(r"(\\\\)\s*\[\s*-?[\d.]+\s*(?:pt|em|ex|mm|cm|in)\s*\]")
_CLINE = re.compile(r"\\cline\s*\{[\d\s-]*\}")


def amend(source: str) -> str:
    """Return the source of a formula as math-core reads it."""
    source = _DELIMITED.sub(r"\1", source.strip())
    source = _TABULAR.sub(_tabular, source)
    source = _BARE.sub(r"\1\\\2", _TEXT.sub(_amend_text, source))
    if "\\" in source:
        source = _amend_environments(_ROOT.sub(r"\\sqrt[\1]{\2}", _LABEL.sub("", source)))
        source = _ROW_GAP.sub(r"\1", source)
    source = _ROOT_SIGN.sub(lambda f: r"\sqrt" + (f[1] if f[1] == "{" else f"{{{f[1]}}}"), source)
    return _SIGN.sub(lambda match: _SIGNS[match[0]], source)


def _amend_text(match: re.Match[str]) -> str:
    """Return `\\text{if $x$` as `\\text{if }{x}\\text{`: math-core's text holds no mathematics."""
    opening = match[1]
    parts: list[str] = []
    position = 0
    for maths in _TEXT_MATHS.finditer(match[2]):
        parts.append(_TEXT_SPECIAL.sub(r"\\\1", match[2][position : maths.start()]))
        parts.append("}{" + (maths[1] or maths[2] or "") + "}" + opening)
        position = maths.end()
    parts.append(_TEXT_SPECIAL.sub(r"\\\1", match[2][position:]))
    return opening + "".join(parts)


def _tabular(match: re.Match[str]) -> str:
    """Return a table of text as an array of `\\text`, with mathematics in its cells."""
    cells = _CELL_END.split(_MULTICOLUMN.sub(_spread, match[2]))
    cells[::2] = [_cell(cell.strip()) for cell in cells[::2]]
    return rf"\begin{{array}}{{{match[1]}}}{' '.join(cells)}\end{{array}}"


def _spread(match: re.Match[str]) -> str:
    return match[2] + " &" * (int(match[1]) - 1)


def _cell(cell: str) -> str:
    parts = re.split(r"(?<!\\)\$", cell)
    texts = [rf"\text{{{part}}}" if part else "" for part in parts[::2]]
    maths = [f"{{{part}}}" for part in parts[1::2]] + [""]
    return "".join(text + math for text, math in zip(texts, maths, strict=False))


def _amend_environments(source: str) -> str:
    if r"\begin" not in source:
        return source
    source = _amend_arrays(_CLINE.sub(r"\\hline ", source))
    return _ENVIRONMENT.sub(_environment, _ALIGNAT.sub(r"\1", source))


def _amend_arrays(source: str) -> str:
    """Return arrays with plain columns, and a last line below all of them, not only the first."""
    widths: list[int] = []

    def edge(match: re.Match[str]) -> str:
        if match["begin"]:
            columns = _columns(match["columns"])
            widths.append(sum(column in "lcr" for column in columns))
            return rf"\begin{{array}}{{{columns}}}"
        width = widths.pop() if widths else 1
        return f"{match['line']}{'&' * (width - 1)}\\end{{array}}" if match["line"] else match[0]

    return _ARRAY_EDGE.sub(edge, source)


def _environment(match: re.Match[str]) -> str:
    verb, name = match[1], match[2]
    if name in ("equation", "displaymath", "math"):
        return "{" if verb == "begin" else "}"
    if name == "eqnarray":
        return r"\begin{array}{rcl}" if verb == "begin" else r"\end{array}"
    return rf"\{verb}{{{_ENVIRONMENTS.get(name, name)}}}"


def _columns(specification: str) -> str:
    def plain(match: re.Match[str]) -> str:
        if match[1]:
            return match[2] * int(match[1])
        return "l" if match[3] else ""

    return _COLUMN.sub(plain, specification)
