"""A trace that was split again is reviewed in its newest version."""

import pytest

from annotations.leases.lifecycle import release
from annotations.queues.sync_recuts import sync_recuts
from tests.annotations.factories import answer, make_queue, take
from tests.factories import make_user
from traces.models import Verdict
from traces.segmentation.resegment import resegment

pytestmark = pytest.mark.django_db
MERGED = ["First, 2 + 2 = 4. Then 4 + 1 = 6.", "So the answer is 6."]
SPLIT = ["First,", "2 + 2 = 4.", "Then 4 + 1 = 6.", "So the answer is 6."]


def test_the_newest_cut_takes_the_items_place():
    queue = make_queue(2, overlap=2, random_share=1.0)
    item = queue.items.order_by("pk").first()
    newest = resegment(resegment(item.trace, MERGED).trace, SPLIT).trace
    assert sync_recuts() == 1
    assert sync_recuts() == 0
    item.refresh_from_db()
    assert item.status == "discarded"
    instead = queue.items.get(trace=newest)
    assert instead.free_slots == [0, 1]
    assert instead.inclusion_probability == item.inclusion_probability


def test_what_somebody_holds_waits_and_answers_stay():
    queue = make_queue(1, overlap=2)
    first, second = make_user(), make_user()
    answer(queue, first, 1)
    held = take(queue, second)
    resegment(queue.items.get().trace, MERGED)
    assert sync_recuts() == 0
    release(held.pk, second)
    assert sync_recuts() == 1
    assert Verdict.objects.filter(origin="review", is_current=True).count() == 1
