"""Rules that replace Markdown's own: arithmetic is no emphasis and no list."""

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, heading, list_block, table
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_inline import StateInline, image, link
from markdown_it.rules_inline.state_inline import Delimiter

BlockRule = Callable[[StateBlock, int, int, bool], bool]
InlineRule = Callable[[StateInline, bool], bool]

# "- 5 = 3", "> 7" and "#### 17" must keep their sign: it may be the step's error.
_MARKED_ARITHMETIC = re.compile(
    r"\s*(?:[-+*]|>|#{1,6}|\d+[.)])\s*[-+*/×÷=<>()\[\]\d\s.,:%$£€¥^−–]*\Z"
)
# Markdown's own search for the end of a link is slow with thousands of open brackets.
_LINK = re.compile(r"!?\[[^\[\]]{0,500}\]\(")
_CLOSES_A_VALUE = frozenset(")]}%!'’\"")
_OPENS_A_VALUE = frozenset("([{\\")
_ESCAPABLE = frozenset("*_`#|<>~$%&{}.+-")
_MOST_COLUMNS = 50


def install(markdown: MarkdownIt) -> None:
    """Replace the parser's rules by the ones of this module."""
    blocks = markdown.block.ruler
    interrupting = ["paragraph", "reference", "blockquote"]
    blocks.at("list", _unless_arithmetic(list_block), {"alt": interrupting})
    blocks.at("heading", _unless_arithmetic(heading), {"alt": interrupting})
    blocks.at("blockquote", _unless_arithmetic(blockquote), {"alt": [*interrupting, "list"]})
    blocks.at("table", _whole_table, {"alt": ["paragraph", "reference"]})
    markdown.inline.ruler.at("emphasis", _emphasis)
    markdown.inline.ruler.at("escape", _escape)
    markdown.inline.ruler.at("link", _if_like_a_link(link))
    markdown.inline.ruler.at("image", _if_like_a_link(image))


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]


def _unless_arithmetic(rule: BlockRule) -> BlockRule:
    """Return `rule` for all lines except a marker followed only by numbers and signs."""

    def guarded(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        line = _line(state, start)
        return not _MARKED_ARITHMETIC.match(line) and rule(state, start, end, silent)

    return guarded


def _if_like_a_link(rule: InlineRule) -> InlineRule:
    def guarded(state: StateInline, silent: bool) -> bool:
        return bool(_LINK.match(state.src, state.pos)) and rule(state, silent)

    return guarded


def _whole_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read a table, unless a row has more cells than the head: Markdown would omit them."""
    head = _line(state, start)
    if "|" not in head or len(escapedSplit(head)) > _MOST_COLUMNS:
        return False
    tokens = len(state.tokens)
    parent, line = state.parentType, state.line
    if not table(state, start, end, silent):
        return False
    if silent or _widest(state, start + 2, state.line) <= _widest(state, start, start + 1):
        return True
    del state.tokens[tokens:]
    state.parentType, state.line = parent, line
    return False


def _widest(state: StateBlock, start: int, end: int) -> int:
    rows = (_line(state, line).strip() for line in range(start, end))
    return max(
        (len(escapedSplit(row.removeprefix("|").removesuffix("|"))) for row in rows), default=0
    )


def _emphasis(state: StateInline, silent: bool) -> bool:
    """Read stars and underscores, which never emphasise inside a word, a number or a product."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    run = state.scanDelims(state.pos, False)
    before = state.src[state.pos - 1 : state.pos] if state.pos else ""
    after = state.src[state.pos + run.length : state.pos + run.length + 1]
    for _ in range(run.length):
        state.push("text", "", 0).content = marker
        state.delimiters.append(
            Delimiter(
                marker=ord(marker),
                length=run.length,
                token=len(state.tokens) - 1,
                end=-1,
                open=run.can_open and before not in _CLOSES_A_VALUE,
                close=run.can_close and after not in _OPENS_A_VALUE,
            )
        )
    state.pos += run.length
    return True


def _escape(state: StateInline, silent: bool) -> bool:
    """Read a backslash as an escape before a character with a meaning in Markdown or TeX."""
    if state.src[state.pos] != "\\":
        return False
    following = state.src[state.pos + 1 : state.pos + 2]
    if following == "" or following not in _ESCAPABLE:
        if not silent:
            state.append_pending("\\")
        state.pos += 1
        return True
    if not silent:
        token = state.push("text_special", "", 0)
        token.content, token.markup, token.info = following, "\\" + following, "escape"
    state.pos += 2
    return True
