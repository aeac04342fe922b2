"""The page of a queue's gold items."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotations.adjudication.decisions import Ruling, decide, sign
from annotations.models import Queue
from tests.annotations.adjudication.disputes import disputed
from tests.factories import make_trace, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue() -> Queue:
    return disputed(1)


def test_a_candidate_becomes_gold_by_one_button(client: Client, lead: User, queue: Queue):
    item = queue.items.get()
    decide(item.pk, lead, Ruling(2, "it follows from nothing"))
    sign(item.pk, make_user(role="lead"))
    gold = reverse("annotations:gold-list", args=[queue.pk])
    page = BeautifulSoup(client.get(gold).content, "html.parser")
    button = next(b for b in page.select("button") if b.text.startswith("Mark as gold"))
    data = {field["name"]: field["value"] for field in button.parent.select("input")}
    client.post(gold, data)
    item.refresh_from_db()
    assert (item.purpose, item.gold_label) == ("gold", 2)


def test_gold_is_added_by_the_traces_id(client: Client, lead: User, queue: Queue):
    trace = make_trace(queue.dataset, external_id="known-1")
    gold = reverse("annotations:gold-list", args=[queue.pk])
    client.post(gold, {"trace": "known-1", "step": 2, "feedback": "see step 2"})
    item = queue.items.get(trace=trace)
    assert (item.purpose, item.gold_label, item.gold_feedback) == ("gold", 1, "see step 2")
    for data, sentence in {"absent": "no trace with this ID", "known-1": "has 3 steps"}.items():
        answered = client.post(gold, {"trace": data, "step": 7})
        assert sentence in answered.content.decode()
