"""The meaning of dollar signs: delimiters of mathematics, or amounts of money.

A dollar sign opens mathematics if the text up to the next one could be a formula, and if that one
could close it. In doubt it is money: an amount typeset as a formula loses the spaces of its
sentence, while a formula shown as text stays readable.
"""

import re

_AMOUNT = re.compile(r"\s*(?:\d|\.\d|<<)")  # GSM8K writes a calculated 12 as "<<3*4=12>>12"
_TEXT_GROUP = re.compile(
    r"\\(?:text[a-z]*|mbox|hbox|operatorname\*?|math[a-z]+|begin|end|tag|label)\s*\{[^{}]*\}"
)
_COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)", re.DOTALL)
_TEX = re.compile(r"\{,\}|\\[A-Za-z{},;:!|%$# \\]|\^|_[\w{\\]")
_SIGN = re.compile(r"[-=<>≤≥≠≈+*/×÷−]")
_TERM = re.compile(r"[\d.]*[A-Za-z]{0,2}")
_SEPARATOR = re.compile(r"[,;:\s]+")
_WORD = r"(?<![A-Za-z'’])[A-Za-z][a-z]+(?![A-Za-z])"
_TWO_WORDS = re.compile(_WORD + r"[,;:.]?\s+" + _WORD)
_LINKING_WORD = re.compile(
    r"(?<![A-Za-z0-9\\])(?:an|and|are|as|at|but|by|each|every|for|from|gives?|has|have|he|if|in|is|"
    r"it|more|of|off|on|one|or|per|she|so|than|that|the|then|they|to|was|we|which|while|with)"
    r"(?![A-Za-z])"
)
# The linking words that can't be a product of variables, as "by" in "ax + by" can.
_LINKING_ALWAYS = re.compile(
    r"(?<!\S)(?:and|are|but|each|every|for|from|has|have|if|is|of|or|per|than|that|the|then|was|"
    r"which|while|with)(?!\S)"
)
_SENTENCE = re.compile(r"[a-z)\d][.!?;]\s+[A-Z][a-z]*\s")
_OPEN_END = re.compile(r"(?:[-+*/×÷−–—=<>(\[&]|[,;]\s+|\bto|\band|\bor)\s*\Z")
_MARKDOWN = re.compile(r"\*\*|~~|`|>>|\s\|\s*\Z")

LONGEST = 2_000


def holds_mathematics(content: str, before: str, after: str) -> bool:
    """Return True if `$content$` is a formula.

    `before` is the character before it and `after` the two characters after it, fewer at an edge.
    """
    if not content.strip() or len(content) > LONGEST:
        return False
    if _closes_an_amount(content, before) or _opens_the_next(content, after):
        return False
    has_tex = bool(_TEX.search(content))
    prose = _COMMAND.sub(" ", _TEXT_GROUP.sub(" ", content))
    if _AMOUNT.match(content):
        return _is_formula_after_amount(content, prose, after, has_tex)
    if has_tex:
        return not (_TWO_WORDS.search(prose) and _SENTENCE.search(prose))
    return not (_TWO_WORDS.search(prose) or _LINKING_ALWAYS.search(prose))


def is_prose(content: str) -> bool:
    """Return True if the text between two `$$` is prose and the signs mean "expensive"."""
    if _TEX.search(content) or _SIGN.search(content):
        return False
    return bool(_TWO_WORDS.search(content) or _LINKING_ALWAYS.search(content))


def _closes_an_amount(content: str, before: str) -> bool:
    """Return True for `5$ and then 3$`, with the sign after its number."""
    return before.isdigit() and (content[0].isspace() or content[0] in ",.;:)!?")


def _opens_the_next(content: str, after: str) -> bool:
    """Return True if the second sign opens the next amount or formula."""
    if not (content[-1].isspace() or content[-1] in "([{"):
        return False
    if after[:1] in ("-", "−", "+", ".", "~"):
        return after[1:].isalnum()
    return after[:1].isalnum() or after[:1] in tuple("\\<([{|")


def _is_formula_after_amount(content: str, prose: str, after: str, has_tex: bool) -> bool:
    """Return True if content that begins with a number is a formula, not an amount of money."""
    if after[:1].isdigit() or after[:1] == "<" or _MARKDOWN.search(content):
        return False
    if _OPEN_END.search(content) or _SENTENCE.search(prose):
        return False
    if _TWO_WORDS.search(prose) or (not has_tex and _LINKING_WORD.search(prose)):
        return False
    if has_tex or _SIGN.search(content):
        return True
    terms = _SEPARATOR.split(content.strip().rstrip(".,;"))
    evenly_spaced = content[0].isspace() or not content[-1].isspace()
    return len(terms) == 1 or (evenly_spaced and all(map(_TERM.fullmatch, terms)))
