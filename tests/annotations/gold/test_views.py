"""The page of a queue's gold items."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotations.adjudication.decisions import Ruling, decide, sign
from annotations.models import Item, Queue
from tests.annotations.factories import answer, make_queue
from tests.factories import make_trace, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue() -> Queue:
    return disputed(1)


def disputed(items: int) -> Queue:
    """A queue in which everybody answered something else."""
    queue = make_queue(items, overlap=2, rule="unanimity")
    for name, found in (("ann-of-leeds", 0), ("bob-of-york", 2)):
        person = make_user(f"{name}-{items}")
        for _ in range(items):
            answer(queue, person, found, note=f"because of {found}", error_type="logical")
    return queue


def shown(client: Client, item: Item) -> BeautifulSoup:
    answered = client.get(address(item))
    assert answered.status_code == 200
    return BeautifulSoup(answered.content, "html.parser")


def address(item: Item, verb: str = "detail") -> str:
    return reverse(f"annotations:dispute-{verb}", args=[item.queue_id, item.pk])


def test_a_candidate_becomes_gold_by_one_button(client: Client, lead: User, queue: Queue):
    item = queue.items.get()
    decide(item.pk, lead, Ruling(2, "it follows from nothing"))
    sign(item.pk, make_user(role="lead"))
    gold = reverse("annotations:gold-list", args=[queue.pk])
    page = BeautifulSoup(client.get(gold).content, "html.parser")
    button = next(b for b in page.select("button") if b.text.startswith("Mark as gold"))
    said = {field["name"]: field["value"] for field in button.parent.select("input")}
    client.post(gold, said)
    item.refresh_from_db()
    assert (item.purpose, item.gold_label) == ("gold", 2)


def test_gold_is_added_by_the_traces_id(client: Client, lead: User, queue: Queue):
    trace = make_trace(queue.dataset, external_id="known-1")
    gold = reverse("annotations:gold-list", args=[queue.pk])
    client.post(gold, {"trace": "known-1", "step": 2, "feedback": "see step 2"})
    item = queue.items.get(trace=trace)
    assert (item.purpose, item.gold_label, item.gold_feedback) == ("gold", 1, "see step 2")
    for said, sentence in {"absent": "no trace with this ID", "known-1": "has 3 steps"}.items():
        answered = client.post(gold, {"trace": said, "step": 7})
        assert sentence in answered.content.decode()
