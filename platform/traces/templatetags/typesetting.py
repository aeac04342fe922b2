"""Filters: `{{ step.text|typeset }}`, `{{ answer|typeset_inline }}`, `{{ text|excerpt:120 }}`."""

from django import template
from django.utils.safestring import SafeString

from traces import typesetting

register = template.Library()


@register.filter(is_safe=True)
def typeset(text: object) -> SafeString:
    """Return a problem or step as an HTML block."""
    return typesetting.typeset(_text(text))


@register.filter(is_safe=True)
def typeset_inline(text: object) -> SafeString:
    """Return a short value as part of a line."""
    return typesetting.typeset_inline(_text(text))


@register.filter
def excerpt(text: object, limit: int = 120) -> str:
    """Return the start of the text on one line, without markup."""
    return typesetting.plain(_text(text), int(limit))


def _text(value: object) -> str:
    return "" if value is None else str(value)
