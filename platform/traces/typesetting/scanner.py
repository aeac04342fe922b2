"""The scanner for the mathematics, code and drawings in a text.

One pass finds every mark that can begin or end a span. A second pass walks over the marks from left
to right, and the first one that opens a span wins. A search for an end stops at the next mark that
can't be inside the span, or is prepared in the first pass, so the time is linear in the length.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from traces.typesetting.dollars import holds_mathematics, is_prose

Kind = Literal["text", "code", "drawing", "math", "display"]

_MARK = re.compile(
    r"(?P<blank>\n[ \t]*(?=\n))"
    r"|(?P<drawing>\[asy\])"
    r"|\\(?P<verb>begin|end)\{(?P<environment>[A-Za-z]+\*?)\}"
    r"|(?P<bare>\\(?:boxed|fbox|sqrt(?:\[\w{1,3}\])?|[dtc]?frac|[dt]?binom)\s*(?=\{))"
    r"|\\(?P<fence>left|right)(?![A-Za-z])"
    r"|(?P<group>\\(?:text[a-z]*|mbox|hbox)\s*\{[^{}]*\})"
    r"|(?P<escape>\\[^A-Za-z\n])"
    r"|(?P<ticks>`+)|(?P<tildes>~~~+)|(?P<dollar>\$)|(?P<brace>[{}])"
)
# Environments on lines of their own, and environments within a formula.
_OUTER = frozenset(
    (
        *("align", "alignat", "displaymath", "eqnarray", "equation", "flalign", "gather"),
        *("multline", "tabular"),
    )
)
_INNER = frozenset(
    (
        *(
            "aligned",
            "array",
            "Bmatrix",
            "bmatrix",
            "cases",
            "dcases",
            "gathered",
            "math",
            "matrix",
        ),
        *("pmatrix", "rcases", "smallmatrix", "split", "vmatrix", "Vmatrix"),
    )
)
_FENCE_SIGN = re.compile(r"\s*(?:\\[A-Za-z]+|\\?[^\sA-Za-z])")
_DRAWING_END = "[/asy]"
_DRAWING_LIMIT = 20_000
_DEEPEST_INDENT = 80
_TEX_QUOTE = re.compile(r"``[^`]{1,300}?''")


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text. `source` is the written text, `body` the same without its delimiters."""

    kind: Kind
    source: str
    body: str


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    kind: str
    text: str


def spans(text: str) -> Iterator[Span]:
    """Yield the parts of the text in order; their joined sources are the text."""
    return _Scan(text).walk()


class _Scan:
    def __init__(self, text: str) -> None:
        self.text = text
        self.marks: list[_Mark] = []
        self.partner: dict[int, int] = {}
        self.runs: dict[str, list[int]] = {}
        self._read_marks()

    def _read_marks(self) -> None:
        """Find the marks, and pair braces, fences and environments."""
        braces: list[int] = []
        fences: list[int] = []
        environments: dict[str, list[int]] = {}
        for index, match in enumerate(_MARK.finditer(self.text)):
            kind, written = str(match.lastgroup), match[0]
            if kind == "environment":
                kind = str(match["verb"])
                written = str(match["environment"])
                self._pair(environments.setdefault(written, []), index, opens=kind == "begin")
            elif kind == "fence":
                kind = str(match["fence"])
                self._pair(fences, index, opens=kind == "left")
            elif kind == "brace":
                self._pair(braces, index, opens=written == "{")
            elif kind == "blank":
                braces.clear()
                fences.clear()
            elif kind in ("ticks", "tildes"):
                self.runs.setdefault(written, []).append(index)
            self.marks.append(_Mark(match.start(), match.end(), kind, written))

    def _pair(self, waiting: list[int], index: int, *, opens: bool) -> None:
        if opens:
            waiting.append(index)
        elif waiting:
            self.partner[waiting.pop()] = index

    def walk(self) -> Iterator[Span]:
        """Yield the spans and the text between them."""
        text_from = position = index = 0
        while index < len(self.marks):
            mark = self.marks[index]
            index += 1
            if mark.start < position:
                continue
            span = self._opened_by(index - 1, mark)
            if span is None:
                continue
            if text_from < mark.start:
                yield self._text(text_from, mark.start)
            yield span
            text_from = position = mark.start + len(span.source)
        if text_from < len(self.text):
            yield self._text(text_from, len(self.text))

    def _text(self, start: int, end: int) -> Span:
        return Span("text", self.text[start:end], self.text[start:end])

    def _opened_by(self, index: int, mark: _Mark) -> Span | None:
        if mark.kind == "dollar":
            return self._dollars(index)
        if mark.kind == "escape":
            return self._brackets(index) if mark.text in (r"\(", r"\[") else None
        if mark.kind == "ticks":
            return self._code(index)
        if mark.kind == "begin":
            return self._environment(index, mark.text.rstrip("*"))
        if mark.kind == "bare":
            return self._bare_command(index)
        if mark.kind == "left":
            return self._between_fences(index)
        if mark.kind == "tildes" and self._begins_line(mark.start):
            return self._fence(index)
        return self._drawing(mark) if mark.kind == "drawing" else None

    def _span(self, kind: Kind, opening: _Mark, closing: _Mark) -> Span | None:
        body = self.text[opening.end : closing.start]
        if not body.strip():
            return None
        return Span(kind, self.text[opening.start : closing.end], body)

    def _whole(self, index: int, end: int, kind: Kind) -> Span:
        """Return a command or environment, which includes its delimiters in the mathematics."""
        source = self.text[self.marks[index].start : end]
        return Span(kind, source, source)

    def _environment(self, index: int, name: str) -> Span | None:
        closing = self.partner.get(index)
        if closing is None or name not in _OUTER | _INNER:
            return None
        return self._whole(index, self.marks[closing].end, "display" if name in _OUTER else "math")

    def _bare_command(self, index: int) -> Span | None:
        """Return `\\boxed{14}` or `\\frac{1}{2}` within a text, without delimiters."""
        closing = self.partner.get(index + 1)
        if closing is None:
            return None
        end = self.marks[closing].end
        if self.marks[index].text.rstrip().endswith(("frac", "binom")):
            closing = self.partner.get(closing + 1)
            if closing is None or not self.text.startswith("{", end):
                return None
            end = self.marks[closing].end
        return self._whole(index, end, "math")

    def _between_fences(self, index: int) -> Span | None:
        closing = self.partner.get(index)
        sign = closing and _FENCE_SIGN.match(self.text, self.marks[closing].end)
        return self._whole(index, sign.end(), "math") if sign else None

    def _brackets(self, index: int) -> Span | None:
        opening = self.marks[index]
        inline = opening.text == r"\("
        for mark in self._after(index):
            if mark.kind == "escape" and mark.text == (r"\)" if inline else r"\]"):
                return self._span("math" if inline else "display", opening, mark)
            if (mark.kind == "escape" and mark.text == opening.text) or (
                mark.kind == "blank" and inline
            ):
                return None
        return None

    def _after(self, index: int) -> Iterator[_Mark]:
        for later in range(index + 1, len(self.marks)):
            yield self.marks[later]

    def _dollars(self, index: int) -> Span | None:
        opening = self.marks[index]
        if self.text.startswith("$$", opening.start):
            return self._double_dollars(opening, index)
        for mark in self._after(index):
            if mark.kind == "blank":
                return None
            if mark.kind == "dollar":
                before = self.text[max(opening.start - 1, 0) : opening.start]
                after = self.text[mark.end : mark.end + 2]
                body = self.text[opening.end : mark.start]
                is_math = holds_mathematics(body, before, after)
                return self._span("math", opening, mark) if is_math else None
        return None

    def _double_dollars(self, opening: _Mark, index: int) -> Span | None:
        for mark in self._after(index + 1):
            if mark.kind == "blank":
                return None
            if mark.kind == "dollar":
                if not self.text.startswith("$$", mark.start):
                    return None
                source = self.text[opening.start : mark.end + 1]
                body = source[2:-2]
                is_math = body.strip() and not is_prose(body)
                return Span("display", source, body) if is_math else None
        return None

    def _begins_line(self, position: int) -> bool:
        line = self.text.rfind("\n", max(position - _DEEPEST_INDENT, 0), position) + 1
        if line == 0 and position > _DEEPEST_INDENT:
            return False
        return not self.text[line:position].strip(" \t>*-+.)0123456789")

    def _code(self, index: int) -> Span | None:
        """Return a code span, or a fenced block if three or more backticks begin a line."""
        mark = self.marks[index]
        if len(mark.text) >= 3 and self._begins_line(mark.start):
            return self._fence(index)
        closing = self._next_run(index)
        if closing is None or _TEX_QUOTE.match(self.text, mark.start):
            return None
        source = self.text[mark.start : self.marks[closing].end]
        return None if re.search(r"\n[ \t]*\n", source) else Span("code", source, source)

    def _fence(self, index: int) -> Span:
        mark = self.marks[index]
        closing = self._next_run(index)
        while closing is not None and not self._begins_line(self.marks[closing].start):
            closing = self._next_run(closing)
        end = len(self.text) if closing is None else self.marks[closing].end
        source = self.text[mark.start : end]
        return Span("code", source, source)

    def _next_run(self, index: int) -> int | None:
        runs = self.runs[self.marks[index].text]
        place = bisect_right(runs, index)
        return runs[place] if place < len(runs) else None

    def _drawing(self, mark: _Mark) -> Span | None:
        """Return a figure as Asymptote source, as in problems of MATH."""
        end = self.text.find(_DRAWING_END, mark.end, mark.end + _DRAWING_LIMIT)
        if end < 0:
            return None
        end += len(_DRAWING_END)
        return Span("drawing", self.text[mark.start : end], self.text[mark.start : end])
