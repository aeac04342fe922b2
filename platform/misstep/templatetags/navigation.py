"""The main navigation: one table, and the entry of the page in view marked."""

from typing import Any

from django import template
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
    path, is_lead = request.path, request.user.is_lead
    links = []
    for label, name in ENTRIES + (LEADS_ENTRIES if is_lead else []):
        address = reverse(name)
        here = ' aria-current="page"' if path.startswith(address) else ""
        links.append((address, SafeString(here), label))
    return format_html_join("", '<a href="{}"{}>{}</a>', links)
