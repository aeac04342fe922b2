"""The pages of queues as tests ask for them."""

from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from traces.models import Dataset


def page(client: Client, name: str, *arguments: object) -> BeautifulSoup:
    answered = client.get(reverse(f"annotations:{name}", args=arguments))
    assert answered.status_code == 200
    return BeautifulSoup(answered.content, "html.parser")


def fields_of(shown: BeautifulSoup) -> dict[str, object]:
    form = shown.select_one("form.form")
    data: dict[str, object] = {}
    for field in form.select("input[name], textarea[name]"):
        if field.get("type") == "checkbox" and not field.has_attr("checked"):
            continue
        data[field["name"]] = field.get("value", field.text.lstrip("\n"))
    for select in form.select("select:not([multiple])"):
        option = select.select_one("option[selected]") or select.select_one("option")
        data[select["name"]] = option["value"]
    return data


def filled_in(client: Client, dataset: Dataset, **changes: object) -> dict[str, object]:
    """Return the values of a new queue's form, with these changes."""
    return fields_of(page(client, "queue-create", dataset.name)) | changes
