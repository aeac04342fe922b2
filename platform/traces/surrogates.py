"""Lone surrogates: halves of a character.

JSON can spell them, and a server that ends a text within a character sends them. No database and no
file takes them.
"""

import re

LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def replace_surrogates(text: str) -> str:
    """Return the text with each lone surrogate replaced by U+FFFD."""
    return LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
