"""Split a text into steps, for data that gives a solution as a single text.

A splitter only chooses the boundaries: the white space or the marker at a boundary is dropped, and
the rest of the text is unchanged. A text without a boundary is one step. Every splitter takes time
in proportion to the text.
"""

import re
from collections.abc import Callable, Iterable, Iterator

_FENCE = re.compile(r"^[ \t]*(```|~~~)", re.MULTILINE)
_MATHS = re.compile(r"\\[()\[\]]|\\\$|\$\$?")
_MATHS_CLOSERS = {"$": "$", "$$": "$$", "\\(": "\\)", "\\[": "\\]"}
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_LINE_START = re.compile(r"^", re.MULTILINE)
_STEP_LINE = re.compile(r"^[ \t]*(?:#+[ \t]*|\*\*)?step[ \t]+\d+\b(?![.)]\d)", re.I | re.MULTILINE)
_NUMBER_LINE = re.compile(r"^[ \t]*(?:\*\*)?\d{1,3}[.)][ \t]", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?][\"')\]]{0,3}(?=\s)|[。！？]")
_ABBREVIATIONS = ("e.g.", "i.e.", "cf.", "vs.", "etc.", "Eq.", "eq.", "Fig.", "No.", "Dr.", "Mr.")

Span = tuple[int, int]


def split_at_blank_lines(text: str, marker: str = "") -> list[str]:
    """Return the paragraphs; a fenced block of code stays whole."""
    fences = _code_blocks(text)
    if not fences:
        return [part for piece in _BLANK_LINE.split(text) if (part := _trimmed(piece))] or [text]
    return _split_at(text, (m.start() for m in _BLANK_LINE.finditer(text)), fences)


def split_at_lines(text: str, marker: str = "") -> list[str]:
    """Return the lines that are not blank."""
    return _split_at(text, (m.start() for m in _LINE_START.finditer(text)), [])


def split_at_numbers(text: str, marker: str = "") -> list[str]:
    """Split before each line that starts with "Step 3" or, without such lines, "3." or "3)".

    The text before the first number is a step of its own.
    """
    pattern = _STEP_LINE if _STEP_LINE.search(text) else _NUMBER_LINE
    return _split_at(text, (m.start() for m in pattern.finditer(text)), _code_blocks(text))


def split_at_sentences(text: str, marker: str = "") -> list[str]:
    """Split after each sentence; formulas and fenced blocks stay whole."""
    ends = (m.end() for m in _SENTENCE_END.finditer(text) if not _is_abbreviation(text, m))
    steps = _split_at(text, ends, sorted(_code_blocks(text) + _formulas(text)))
    return [step.strip() or step for step in steps]


def split_at_marker(text: str, marker: str) -> list[str]:
    """Split at each occurrence of `marker`, which is dropped."""
    return [part.strip() for part in text.split(marker) if part.strip()] or [text]


SPLITTERS: dict[str, Callable[[str, str], list[str]]] = {
    "blank-line": split_at_blank_lines,
    "line": split_at_lines,
    "numbered": split_at_numbers,
    "sentence": split_at_sentences,
    "marker": split_at_marker,
}


def split_steps(text: str, splitter: str, marker: str = "") -> list[str]:
    """Return the steps of the text, at least one; `splitter` is a key of SPLITTERS."""
    return SPLITTERS[splitter](text, marker)


def _split_at(text: str, places: Iterable[int], whole: list[Span]) -> list[str]:
    """Return the text split at the places outside the spans `whole`; both in rising order."""
    steps = []
    start = 0
    for place in _outside_spans(places, whole):
        if part := _trimmed(text[start:place]):
            steps.append(part)
        start = place
    if part := _trimmed(text[start:]):
        steps.append(part)
    return steps or [text]


def _trimmed(part: str) -> str:
    """Return the part without the white space around it, but with the first line's indent."""
    body = part.rstrip()
    if not body or not body[0].isspace():
        return body
    indent = len(body) - len(body.lstrip())
    return body[body.rfind("\n", 0, indent) + 1 :]


def _outside_spans(places: Iterable[int], whole: list[Span]) -> Iterator[int]:
    spans = iter(whole)
    start, end = next(spans, (-1, -1))
    for place in places:
        while start >= 0 and end <= place:
            start, end = next(spans, (-1, -1))
        if start < 0 or place <= start:
            yield place


def _code_blocks(text: str) -> list[Span]:
    """Return the fenced blocks of code. An open block runs to the end, as in Markdown."""
    spans: list[Span] = []
    if "```" not in text and "~~~" not in text:
        return spans
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            opened = fence
        elif fence[1] == opened[1]:
            spans.append((opened.start(), fence.end()))
            opened = None
    if opened is not None:
        spans.append((opened.start(), len(text)))
    return spans


def _formulas(text: str) -> list[Span]:
    """Return the formulas in dollars, `\\(` `\\)` or `\\[` `\\]`. An open formula is ignored."""
    spans = []
    closer = ""
    start = 0
    for token in _MATHS.finditer(text):
        if not closer and token[0] in _MATHS_CLOSERS:
            closer, start = _MATHS_CLOSERS[token[0]], token.start()
        elif closer and token[0] == closer:
            spans.append((start, token.end()))
            closer = ""
    return spans


def _is_abbreviation(text: str, end: re.Match[str]) -> bool:
    """Return True if the full stop belongs to "e.g." or to a list's number, not to a sentence."""
    before = text[max(0, end.end() - 6) : end.end()]
    if before.endswith(_ABBREVIATIONS):
        return True
    line = text[max(0, end.start() - 8) : end.start()].rpartition("\n")
    is_whole_line = bool(line[1]) or end.start() <= 8
    return is_whole_line and line[2].strip().isdigit()
