"""The page of a disputed item."""

import pytest
from django.test import Client

from accounts.models import User
from annotations.adjudication.page import split_passages
from annotations.models import Queue
from tests.annotations.adjudication.disputes import disputed, shown
from tests.factories import make_trace
from traces.datasets.trace_page import read_trace

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue() -> Queue:
    return disputed(1)


def test_runs_of_steps_that_nobody_disputes_are_one_passage():
    steps = read_trace(make_trace(steps=list("abcdef")), []).steps
    passages = [([s.number for s in p.steps], p.is_at_issue) for p in split_passages(steps, [2, 3])]
    assert passages == [([1, 2], False), ([3], True), ([4], True), ([5, 6], False)]


def test_only_the_steps_at_issue_are_shown_and_nobody_is_named(
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
