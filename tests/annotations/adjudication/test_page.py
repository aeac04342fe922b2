"""The page of a disputed item."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotations.adjudication.page import split_passages
from annotations.models import Item, Queue
from tests.annotations.factories import answer, make_queue
from tests.factories import make_trace, make_user
from traces.datasets.trace_page import read_trace

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


def test_runs_of_steps_that_nobody_disputes_are_one_passage():
    steps = read_trace(make_trace(steps=list("abcdef")), []).steps
    found = [([s.number for s in p.steps], p.is_at_issue) for p in split_passages(steps, [2, 3])]
    assert found == [([1, 2], False), ([3], True), ([4], True), ([5, 6], False)]


def test_only_the_steps_at_issue_stand_open_and_nobody_is_named(
    client: Client, lead: User, queue: Queue
):
    page = shown(client, queue.items.get())
    assert [li["start"] for li in page.select("ol.at-issue")] == ["1", "3"]
    assert [li["start"] for li in page.select("details.others ol")] == ["2"]
    sides = [side.text for side in page.select(".sides > li")]
    assert sorted("because of 0" in side for side in sides) == [False, True]
    assert "ann-of-leeds" not in str(page)
    assert "bob-of-york" not in str(page)
    choices = [field["value"] for field in page.select("input[name=step]")]
    assert choices == ["1", "3", "0", ""]
