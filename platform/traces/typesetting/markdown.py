"""Markdown to HTML, with the mathematics, code and drawings of a text inserted afterwards.

Each span of the `scanner` is one short mark in the Markdown. So nothing in it is read as Markdown,
and a formula with line breaks or bars can be in a list or a table.
"""

import re
from collections.abc import MutableMapping, Sequence
from typing import Any

from django.utils.html import escape
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from traces.typesetting import controls, markdown_rules, mathematics
from traces.typesetting.scanner import Span, spans

# Noncharacters; `Marked` has removed the ones in the text itself.
_OPEN, _CLOSE, _CLOSE_DISPLAY = "\ufdd0", "\ufdd1", "\ufdd2"
_MARK = re.compile(f"{_OPEN}([0-9]+)[{_CLOSE}{_CLOSE_DISPLAY}]")
_TEX_QUOTED = re.compile(r"``([^`\n]{1,300}?)''")
_WEB = re.compile(r"https?://", re.IGNORECASE)

DEEPEST = 60  # levels of lists and quotations; Markdown omits deeper ones


class Marked:
    """A text with marks instead of its mathematics and its control characters."""

    def __init__(self, text: str) -> None:
        self.objects: list[Span | str] = []
        self.text = "".join(self._mark(span) for span in spans(text))
        self.text = _TEX_QUOTED.sub(r"“\1”", self.text)

    def _mark(self, span: Span) -> str:
        if span.kind in ("text", "code"):
            return controls.CONTROL.sub(lambda match: self._keep(match[0]), span.source)
        return self._keep(span)

    def _keep(self, thing: Span | str) -> str:
        self.objects.append(thing)
        displayed = isinstance(thing, Span) and thing.kind in ("display", "drawing")
        return f"{_OPEN}{len(self.objects) - 1}{_CLOSE_DISPLAY if displayed else _CLOSE}"

    def source(self, marked: str) -> str:
        """Return the marked text as it was written."""
        return _MARK.sub(lambda match: self._source_of(self.objects[int(match[1])]), marked)

    def html(self, marked: str) -> str:
        """Return the marked text as HTML, its mathematics typeset."""
        return _MARK.sub(lambda match: self._html_of(self.objects[int(match[1])]), escape(marked))

    def _source_of(self, thing: Span | str) -> str:
        return thing.source if isinstance(thing, Span) else thing

    def _html_of(self, thing: Span | str) -> str:
        if isinstance(thing, str):
            return controls.show(thing)
        if thing.kind == "drawing":
            return f'<code class="drawing">{controls.show(escape(thing.source))}</code>'
        return mathematics.set_mathematics(
            thing.body, thing.source, display=thing.kind == "display"
        )


Environment = MutableMapping[str, Any]


class _Renderer(RendererHTML):
    """The tokens whose HTML differs from markdown-it's. `env["marked"]` is the text's `Marked`."""

    def text(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment
    ) -> str:
        return _marked(env).html(tokens[idx].content)

    def code_inline(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment
    ) -> str:
        return f"<code>{_verbatim(tokens[idx].content, env)}</code>"

    def fence(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment
    ) -> str:
        token = tokens[idx]
        info = _verbatim(token.info.strip(), env)
        language = f'<span class="language">{info}</span>\n' if info else ""
        return f"<pre>{language}<code>{_verbatim(token.content, env)}</code></pre>\n"

    def image(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment
    ) -> str:
        """Return the image's text and address; an image is never loaded."""
        token = tokens[idx]
        description = _marked(env).html(token.content)
        address = _verbatim(str(token.attrs["src"]), env)
        return f'<span class="image">{description} ({address})</span>'

    def ordered_list_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment
    ) -> str:
        token = tokens[idx]
        style = ' class="closing-bracket"' if token.markup == ")" else ""
        return f'<ol{style} start="{int(token.attrs.get("start", 1))}">\n'

    def list_item_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment
    ) -> str:
        """Return the item with its written number; Markdown would count on from the first."""
        number = tokens[idx].info
        return f'<li value="{int(number)}">' if number.isdecimal() else "<li>"

    def heading_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment
    ) -> str:
        """Return a paragraph: a step's heading is no heading of the page."""
        return '<p class="heading">'

    def heading_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment
    ) -> str:
        return "</p>\n"

    def softbreak(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment
    ) -> str:
        """Return a line break, except next to displayed mathematics, which has its own line."""
        before = tokens[idx - 1].content if idx else ""
        after = tokens[idx + 1].content if idx + 1 < len(tokens) else ""
        if before.rstrip().endswith(_CLOSE_DISPLAY) or _begins_displayed(after):
            return "\n"
        return "<br>\n"

    def hardbreak(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Environment
    ) -> str:
        return self.softbreak(tokens, idx, options, env)


def _marked(env: Environment) -> Marked:
    marked = env["marked"]
    if not isinstance(marked, Marked):
        raise TypeError("Markdown is rendered with the marked text in its environment.")
    return marked


def _verbatim(content: str, env: Environment) -> str:
    return controls.show(escape(_marked(env).source(content)))


def _begins_displayed(content: str) -> bool:
    match = _MARK.match(content.lstrip())
    return match is not None and match[0].endswith(_CLOSE_DISPLAY)


def _is_web_address(url: str) -> bool:
    return bool(_WEB.match(url)) and _OPEN not in url


def _parser() -> MarkdownIt:
    markdown = MarkdownIt(
        "commonmark",
        {"html": False, "breaks": True, "maxNesting": 2 * DEEPEST},
        renderer_cls=_Renderer,
    )
    markdown.enable("table")
    # Off: indented code, since models indent; references, which hide text; lines of dashes as
    # headings; and entities, which could insert the characters that `controls` makes visible.
    markdown.disable(["code", "reference", "lheading", "entity", "html_block", "html_inline"])
    markdown.validateLink = _is_web_address  # type: ignore[method-assign]
    markdown_rules.install(markdown)
    return markdown


_MARKDOWN = _parser()


def blocks(text: str) -> str | None:
    """Return the text as HTML blocks, or None if it is nested too deep."""
    marked = Marked(text)
    env: dict[str, Any] = {"marked": marked}
    tokens = _MARKDOWN.parse(marked.text, env)
    if any(token.level >= 2 * DEEPEST - 4 for token in tokens):
        return None
    for token in tokens:
        if token.tag in ("th", "td") and (style := token.attrs.pop("style", None)):
            token.attrs["class"] = "align-" + str(style).removeprefix("text-align:")
    return str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, env))


def inline(text: str) -> str:
    """Return the text, a single line, as HTML without blocks."""
    marked = Marked(text)
    return str(_MARKDOWN.renderInline(marked.text, {"marked": marked}))
