"""The review page as tests ask for it."""

from typing import Any

from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotations.models import Lease, Queue
from tests.annotations.factories import take

SCRIPT = {"X-Review-Page": "1"}  # what the page's own requests carry


def address(lease: Lease, part: str = "detail") -> str:
    return reverse(f"annotations:review-{part}", args=[lease.pk])


def soup(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def open_next(client: Client, queue: Queue, user: User) -> tuple[Lease, BeautifulSoup]:
    """Open the person's next item; return it and its page."""
    lease = take(queue, user)
    return lease, soup(client.get(address(lease)))


def form_of(page: BeautifulSoup) -> dict[str, Any]:
    """Return the fields that the page would send unchanged."""
    sent: dict[str, Any] = {}
    for field in page.select("#review input, #review textarea"):
        if field.get("type") in {"radio", "checkbox"} and not field.has_attr("checked"):
            continue
        sent[field["name"]] = field.text if field.name == "textarea" else field.get("value", "")
    return sent


def send(client: Client, lease: Lease, page: BeautifulSoup, **fields: Any) -> HttpResponse:
    return client.post(address(lease), form_of(page) | fields)
