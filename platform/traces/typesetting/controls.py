"""Characters that nobody can see but that change what everybody sees, shown by their names."""

import re

# Controls other than tab and newline; marks that reorder a line; line separators; surrogates;
# noncharacters; and the "tag" characters, which spell out text that no font shows.
CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e007f\U0001fffe\U0001ffff\U0010fffe\U0010ffff]"
)
_LINE_END = re.compile(r"\r\n?")


def unix_lines(text: str) -> str:
    return _LINE_END.sub("\n", text)


def name(character: str) -> str:
    """`U+202E` for the right-to-left override."""
    return f"U+{ord(character):04X}"


def show(escaped: str) -> str:
    """`escaped` HTML text with each control character as a marked name."""
    return CONTROL.sub(lambda found: f'<span class="control">{name(found[0])}</span>', escaped)


def show_plain(text: str) -> str:
    return CONTROL.sub(lambda found: f"[{name(found[0])}]", text)
