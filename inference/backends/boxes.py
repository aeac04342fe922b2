"""The contents of a text's boxes, read in linear time however many boxes a model opens."""

import re

_BRACE = re.compile(r"[{}]")


def last_box(text: str, opening: re.Pattern[str]) -> str | None:
    """Return the content of the last closed box, with its braces paired; None without one.

    `opening` matches the beginning of a box up to its brace, which is the match's last character.
    """
    starts = {found.end() - 1 for found in opening.finditer(text)}
    if not starts:
        return None
    last: tuple[int, int] | None = None
    opened: list[int] = []
    for brace in _BRACE.finditer(text, min(starts)):
        if brace[0] == "{":
            opened.append(brace.start())
        elif opened:
            start = opened.pop()
            if start in starts and (last is None or start > last[0]):
                last = (start, brace.start())
    return None if last is None else text[last[0] + 1 : last[1]]
