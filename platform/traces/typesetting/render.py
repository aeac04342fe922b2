"""The entry points for pages: a text as a block, as part of a line, or as a plain excerpt."""

import re
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from traces.typesetting import controls, html_cleaner, markdown, mathematics
from traces.typesetting.scanner import spans

# A longer text is shown as written, line by line: no step that a person could review is as long,
# and Markdown takes about a second for a million characters.
LONGEST_SET = 100_000
_LONGEST_LINE = 2_000  # characters of a short value
_LONGEST_CACHED = 8_000
_LOOKS_LIKE_TEX = re.compile(r"\\[A-Za-z{%$,;!]|[\^_][\w{(\\-]")
_PROSE = re.compile(r"(?<![\\A-Za-z])[A-Za-z]{3,}(?!\{)")
_DECORATION = re.compile(r"\*\*|__|^\s*#{1,6}\s+|`+", re.MULTILINE)


def typeset(text: str) -> SafeString:
    """Return a problem or step as one `div` of paragraphs, lists, tables, code and mathematics."""
    return _typeset_cached(text) if len(text) <= _LONGEST_CACHED else _typeset(text)


def typeset_inline(text: str) -> SafeString:
    """Return a short value, such as a final answer, as one `span`. LaTeX needs no delimiters."""
    return _inline_cached(text) if len(text) <= _LONGEST_LINE else _as_plain(text, tag="span")


def plain(text: str, limit: int) -> str:
    """Return the text on one line of at most `limit` characters, without markup, not escaped."""
    text = controls.unix_lines(text[: 8 * limit + 400])
    parts = (
        _DECORATION.sub("", span.source) if span.kind == "text" else span.body
        for span in spans(text)
    )
    line = " ".join(controls.show_plain("".join(parts)).split())
    if len(line) <= limit:
        return line
    if limit < 1:
        return ""
    excerpt = line[: limit - 1]
    at_word = excerpt.rfind(" ")
    return (excerpt[:at_word] if at_word > limit // 2 else excerpt).rstrip() + "…"


def _typeset(text: str) -> SafeString:
    if len(text) > LONGEST_SET:
        return _as_plain(text, tag="div")
    html = markdown.blocks(controls.unix_lines(text))
    if html is None:
        return _as_plain(text, tag="div")
    return _clean(f'<div class="typeset">{html}</div>')


def _inline(text: str) -> SafeString:
    text = " ".join(controls.unix_lines(text).split())
    return _clean(
        f'<span class="typeset">{_bare_mathematics(text) or markdown.inline(text)}</span>'
    )


_typeset_cached = lru_cache(maxsize=512)(_typeset)
_inline_cached = lru_cache(maxsize=2048)(_inline)


def _bare_mathematics(text: str) -> str | None:
    """Return the text as one formula, or None if it is not LaTeX without delimiters."""
    if not _LOOKS_LIKE_TEX.search(text) or any(span.kind != "text" for span in spans(text)):
        return None
    if "\\" not in text and _PROSE.search(text):
        return None
    return mathematics.to_mathml(text, display=False)


def _as_plain(text: str, *, tag: str) -> SafeString:
    shown = escape(controls.show_plain(controls.unix_lines(text)))
    inner = f'<div class="plain">{shown}</div>' if tag == "div" else shown
    return _clean(f'<{tag} class="typeset">{inner}</{tag}>')


def _clean(html: str) -> SafeString:
    return mark_safe(html_cleaner.clean(html))  # noqa: S308 - it passed the allow-list
