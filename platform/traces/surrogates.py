"""Half characters: surrogates without their partner. JSON can spell them, and a server that cuts a
text within a character sends them; no database and no file takes them."""

import re

LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def whole(text: str) -> str:
    """The text, with the sign for what could not be read in the place of each half."""
    return LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)
