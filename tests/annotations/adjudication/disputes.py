"""Disputed items for tests, and their pages."""

from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from annotations.models import Item, Queue
from tests.annotations.factories import answer, make_queue
from tests.factories import make_user


def disputed(items: int) -> Queue:
    """Make a queue whose annotators all disagree."""
    queue = make_queue(items, overlap=2, rule="unanimity")
    for name, label in (("ann-of-leeds", 0), ("bob-of-york", 2)):
        person = make_user(f"{name}-{items}")
        for _ in range(items):
            answer(queue, person, label, note=f"because of {label}", error_type="logical")
    return queue


def shown(client: Client, item: Item) -> BeautifulSoup:
    answered = client.get(address(item))
    assert answered.status_code == 200
    return BeautifulSoup(answered.content, "html.parser")


def address(item: Item, verb: str = "detail") -> str:
    return reverse(f"annotations:dispute-{verb}", args=[item.queue_id, item.pk])
