"""The page of a queue that has nothing for the person now."""

import pytest

from annotations.gold.items import add_gold
from annotations.review.empty_queue import explain_empty_queue
from tests.annotations.factories import answer, make_queue, people, send, take
from tests.factories import make_trace, make_user

pytestmark = pytest.mark.django_db


def test_known_answers_do_not_make_a_person_done():
    queue, (first, second) = make_queue(2, gold_share=1.0), people(2)
    add_gold(queue, make_trace(queue.dataset), 0)
    for _ in range(2):
        answer(queue, first, 0)
    held = take(queue, second)
    assert held.item.is_gold
    send(held, 0)
    take(queue, second)
    assert explain_empty_queue(queue, first).title == "No items available right now"


def test_what_others_hold_is_not_promised_to_who_has_answered_it():
    queue, (first, second) = make_queue(1, overlap=2), people(2)
    answer(queue, first, 0)
    take(queue, second)
    assert explain_empty_queue(queue, first).title == "You have reviewed every trace in this queue"
    assert explain_empty_queue(queue, make_user()).may_come
