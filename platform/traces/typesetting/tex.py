r"""LaTeX as people and models write it, amended to what math-core reads.

Two rules: a change may not alter what a reader of the source would see, and nothing may vanish
(an unescaped `%` begins a comment in TeX; in a trace it is a per cent sign).
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
    "n": "",  # a line break that was escaped twice on its way
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
    source = _DELIMITED.sub(r"\1", source.strip())
    source = _TABULAR.sub(_tabular, source)
    source = _BARE.sub(r"\1\\\2", _TEXT.sub(_amend_text, source))
    if "\\" in source:
        source = _amend_environments(_ROOT.sub(r"\\sqrt[\1]{\2}", _LABEL.sub("", source)))
        source = _ROW_GAP.sub(r"\1", source)
    source = _ROOT_SIGN.sub(lambda f: r"\sqrt" + (f[1] if f[1] == "{" else f"{{{f[1]}}}"), source)
    return _SIGN.sub(lambda found: _SIGNS[found[0]], source)


def _amend_text(found: re.Match[str]) -> str:
    """`\\text{if $x$` as `\\text{if }{x}\\text{`, since math-core's text can't hold mathematics."""
    opening = found[1]
    parts: list[str] = []
    position = 0
    for maths in _TEXT_MATHS.finditer(found[2]):
        parts.append(_TEXT_SPECIAL.sub(r"\\\1", found[2][position : maths.start()]))
        parts.append("}{" + (maths[1] or maths[2] or "") + "}" + opening)
        position = maths.end()
    parts.append(_TEXT_SPECIAL.sub(r"\\\1", found[2][position:]))
    return opening + "".join(parts)


def _tabular(found: re.Match[str]) -> str:
    """A table of text as an array of `\\text`, with the mathematics of its cells set."""
    cells = _CELL_END.split(_MULTICOLUMN.sub(_spread, found[2]))
    cells[::2] = [_cell(cell.strip()) for cell in cells[::2]]
    return rf"\begin{{array}}{{{found[1]}}}{' '.join(cells)}\end{{array}}"


def _spread(found: re.Match[str]) -> str:
    return found[2] + " &" * (int(found[1]) - 1)


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
    """Arrays with plain columns, and a last line drawn below all of them, not only the first."""
    widths: list[int] = []

    def edge(found: re.Match[str]) -> str:
        if found["begin"]:
            columns = _columns(found["columns"])
            widths.append(sum(column in "lcr" for column in columns))
            return rf"\begin{{array}}{{{columns}}}"
        width = widths.pop() if widths else 1
        return f"{found['line']}{'&' * (width - 1)}\\end{{array}}" if found["line"] else found[0]

    return _ARRAY_EDGE.sub(edge, source)


def _environment(found: re.Match[str]) -> str:
    verb, name = found[1], found[2]
    if name in ("equation", "displaymath", "math"):
        return "{" if verb == "begin" else "}"
    if name == "eqnarray":
        return r"\begin{array}{rcl}" if verb == "begin" else r"\end{array}"
    return rf"\{verb}{{{_ENVIRONMENTS.get(name, name)}}}"


def _columns(specification: str) -> str:
    def plain(found: re.Match[str]) -> str:
        if found[1]:
            return found[2] * int(found[1])
        return "l" if found[3] else ""

    return _COLUMN.sub(plain, specification)
