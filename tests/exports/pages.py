"""Pages as tests read them, and a small labelled dataset."""

from typing import Any

from bs4 import BeautifulSoup
from django.urls import reverse

from exports.models import CurationRule
from tests.factories import label, make_dataset, make_trace
from traces.models import Dataset


def page_of(response: Any) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def values_in(page: BeautifulSoup, form: str) -> dict[str, Any]:
    """Return the values that a browser would send for the form."""
    found: dict[str, Any] = {}
    for field in page.select(f"{form} [name]"):
        if field.name == "select":
            chosen = [option.get("value") for option in field.select("option[selected]")]
            first = field.select("option")
            usual = first[0].get("value") if first else ""
            found[field["name"]] = chosen if field.has_attr("multiple") else (chosen or [usual])[0]
        elif field.name == "button" or (
            field.get("type") == "checkbox" and "checked" not in field.attrs
        ):
            continue
        else:
            found[field["name"]] = field.get("value", "")
    return found


def make_labelled() -> Dataset:
    dataset = make_dataset("things")
    label(make_trace(dataset, subset="easy"), -1)
    label(make_trace(dataset, subset="hard"), 1)
    return dataset


def rule_address(rule: CurationRule) -> str:
    return reverse("exports:rule-detail", args=[rule.dataset.name, rule.pk])
