"""More reviewers for the items of a queue in use."""

import pytest

from annotations.models import Item
from annotations.queues.overlap import widen
from tests.annotations.factories import answer, make_queue, people
from traces.models import Verdict

pytestmark = pytest.mark.django_db


def item() -> Item:
    return Item.objects.get()


def agreed() -> Verdict | None:
    return Verdict.objects.current().filter(judge__kind="consensus").first()


def test_raising_overlap_asks_more_people_of_settled_and_open_items():
    queue, users = make_queue(2, rule="majority"), people(3)
    answer(queue, users[0], 1)
    queue.overlap = queue.max_overlap = 3
    queue.save()
    widen(queue)
    widen(queue)
    rooms = Item.objects.order_by("pk").values_list("status", "free_slots")
    assert list(rooms) == [("open", [1, 2]), ("open", [0, 1, 2])]
    verdict = agreed()
    assert verdict and verdict.earliest_error == 1
    answer(queue, users[1], 0)
    answer(queue, users[2], 0)
    verdict = agreed()
    assert verdict and verdict.earliest_error == 0


def test_how_many_agree_with_a_consensus_is_stored_again_when_more_have_answered():
    queue, users = make_queue(1, rule="majority"), people(3)
    answer(queue, users[0], 1)
    queue.overlap = queue.max_overlap = 3
    queue.save()
    widen(queue)
    answer(queue, users[1], 0)
    answer(queue, users[2], 1)
    verdict = agreed()
    assert verdict and verdict.confidence == pytest.approx(2 / 3)
