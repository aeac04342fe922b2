"""The deletion of a queue."""

import pytest

from annotations.models import Item, Lease, Queue
from annotations.queues.delete import count_deletions, delete_queue
from tests.annotations.factories import answer, make_queue, take
from tests.factories import make_user
from traces.models import Verdict

pytestmark = pytest.mark.django_db


def test_deleting_says_count_deletions_and_leaves_the_verdicts(lead):
    queue, other, user = make_queue(3), make_queue(2), make_user()
    answer(queue, user)
    take(queue, user)
    going = count_deletions(queue)
    assert (going.items, going.held, going.verdicts_staying) == (3, 1, 2)
    assert delete_queue(queue, by=lead) == going
    assert list(Queue.objects.all()) == [other]
    assert Item.objects.count() == 2
    assert not Lease.objects.exists()
    assert Verdict.objects.count() == 2
