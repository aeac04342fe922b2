"""The counts on a queue's page."""

from datetime import timedelta

import pytest

from annotations.gold.items import add_gold
from annotations.models import Queue
from annotations.queues.statistics import counts_of
from annotations.review.page import progress_of
from tests.annotations.factories import answer, make_queue, people, send, take
from tests.factories import make_trace

pytestmark = pytest.mark.django_db


def without_end() -> Queue:
    """Four items, three people asked of each: two took five answers, one three, one has none."""
    queue = make_queue(4, overlap=3, max_overlap=5, rule="processbench")
    users = people(5)
    for labels in [[0, 0, 1, 1, 2], [0, 0, 1, 1, 2], [1, 1, 1]]:
        for user, label in zip(users, labels, strict=False):
            answer(queue, user, label)
    return queue


def test_answers_beyond_those_asked_at_first_hide_no_item_that_waits():
    queue = without_end()
    counts = counts_of(queue)
    assert (counts.answers, counts.left, counts.expected) == (13, 3, 16)
    assert counts.days_left == pytest.approx(3 / 13, rel=0.01)  # all of it on the first day
    progress = progress_of(queue, 0)
    assert (progress.answered, progress.total) == (13, 14)


def test_what_is_held_or_begun_is_still_to_come_and_known_answers_are_not():
    queue = make_queue(2, overlap=2, gold_share=1.0)
    add_gold(queue, make_trace(queue.dataset), 0)
    first, second = people(2)
    answer(queue, first, 0)
    send(take(queue, first), 0)
    take(queue, first)
    take(queue, second)
    counts = counts_of(queue)
    assert (counts.answers, counts.left) == (1, 3)
    queue.created_at -= timedelta(days=30)
    assert counts_of(queue).a_day == pytest.approx(1 / 7)
