"""The form of a ruling."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotations.models import Item, Queue
from tests.annotations.factories import answer, make_queue
from tests.factories import make_user
from traces.models import Verdict

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


def test_a_step_that_nobody_named_can_be_decided_for(client: Client, lead: User, queue: Queue):
    item = queue.items.get()
    both = client.post(address(item), {"step": 1, "other": 2, "reason": "it divides by 0"})
    assert "Keep only one" in both.content.decode()
    client.post(address(item), {"step": "", "other": 2, "reason": "it divides by 0"})
    queue.refresh_from_db()
    assert Verdict.objects.current().get(judge=queue.judge).earliest_error == 1


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"reason": "x"}, "Choose a decision"),
        ({"step": 1}, "required"),
        ({"step": 9, "reason": "x"}, "no step 9"),
    ],
)
def test_a_decision_without_choice_or_reason_is_refused(
    client: Client, lead: User, queue: Queue, said: dict[str, object], sentence: str
):
    answered = client.post(address(queue.items.get()), said)
    assert sentence in answered.content.decode()
    assert queue.items.get().status == "disputed"
