"""Invisible characters that change the display of a text, and their visible names."""

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
    """Return the text with Unix line ends."""
    return _LINE_END.sub("\n", text)


def name(character: str) -> str:
    """Return the character's name, such as `U+202E` for the right-to-left override."""
    return f"U+{ord(character):04X}"


def show(escaped: str) -> str:
    """Return `escaped`, a text of HTML, with each control character as a marked name."""
    return CONTROL.sub(lambda match: f'<span class="control">{name(match[0])}</span>', escaped)


def show_plain(text: str) -> str:
    """Return the text with each control character as a name in brackets."""
    return CONTROL.sub(lambda match: f"[{name(match[0])}]", text)
