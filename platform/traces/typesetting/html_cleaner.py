"""The allow-list of tags, attributes and classes. Everything else is removed from the HTML."""

import nh3

from traces.typesetting import mathematics

_HTML = {
    *("p", "br", "hr", "strong", "em", "b", "i", "code", "pre", "blockquote", "div", "span", "a"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"),
}
_MATHML = {
    *("math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot"),
    *("msup", "msub", "msubsup", "munder", "mover", "munderover", "mmultiscripts", "mprescripts"),
    *("mtable", "mtr", "mtd", "mphantom", "mpadded", "menclose"),
}
_MATHML_ATTRIBUTES = {
    *("displaystyle", "scriptlevel", "mathvariant", "stretchy", "symmetric", "form", "fence"),
    *("separator", "largeop", "movablelimits", "lspace", "rspace", "minsize", "maxsize", "width"),
    *("height", "depth", "voffset", "linethickness", "accent", "accentunder", "notation"),
    *("columnspan", "rowspan"),
}
TAGS = frozenset(_HTML | _MATHML)
ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),  # explicit, since nh3 allows titles and languages by default
    "a": {"href"},
    "ol": {"start"},
    "li": {"value"},
    "code": {"title"},
    "math": {"display", *_MATHML_ATTRIBUTES},
    **dict.fromkeys(_MATHML - {"math"}, _MATHML_ATTRIBUTES),
}
_ALIGNMENT = {"align-left", "align-center", "align-right"}
CLASSES: dict[str, set[str]] = {
    "div": {"typeset", "plain"},
    "span": {"typeset", "math-display", "control", "image", "language", *mathematics.CLASSES},
    "code": {"math-source", "drawing"},
    "p": {"heading"},
    "ol": {"closing-bracket"},
    "th": _ALIGNMENT,
    "td": _ALIGNMENT,
    "mrow": {"menclose-updiagonalstrike", "menclose-downdiagonalstrike"},
    **{tag: set(mathematics.CLASSES) for tag in ("mtd", "mtable", "mo", "mspace", "mfrac")},
}
REL = "nofollow noopener noreferrer"

_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags=set(),
    attributes=ATTRIBUTES,
    allowed_classes=CLASSES,
    url_schemes={"http", "https"},
    url_relative="deny",
    link_rel=REL,
)


def clean(html: str) -> str:
    """Return the HTML without anything that is not on the allow-list."""
    return _CLEANER.clean(html)
