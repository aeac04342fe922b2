"""The main navigation: one table, and the entry of the page in view marked."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()

# Shown to everyone with a login.
ENTRIES = [
    ("Datasets", "traces:dataset-list"),
    ("Review", "annotations:queue-list"),
    ("Scoring", "inference:run-list"),
    ("Judges", "metrics:judge-list"),
    ("Generators", "metrics:generator-list"),
]
# Pages that refuse anybody else.
LEADS_ENTRIES = [
    ("Exports", "exports:export-list"),
    ("Training", "training:run-list"),
]


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> SafeString:
    request = context["request"]
    entries = ENTRIES + (LEADS_ENTRIES if request.user.is_lead else [])
    section = _section(request, [name for _, name in entries])
    links = []
    for label, name in entries:
        address = reverse(name)
        here = "page" if request.path == address else "true"
        mark = SafeString(f' aria-current="{here}"' if name == section else "")
        links.append((address, mark, label))
    return format_html_join("", '<a href="{}"{}>{}</a>', links)


def _section(request: HttpRequest, names: list[str]) -> str:
    """Return the entry that the page belongs to: by its address, else by its app.

    An import is at /imports/ and belongs to Datasets, both being pages of `traces`.
    """
    for name in names:
        if request.path.startswith(reverse(name)):
            return name
    app = request.resolver_match.app_name if request.resolver_match else ""
    return next((name for name in names if name.partition(":")[0] == app != ""), "")
