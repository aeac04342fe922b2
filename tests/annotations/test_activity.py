"""A queue's event log and its counters."""

import pytest
from django.db import DatabaseError, transaction
from django.db.models import Sum

from annotations.activity import increment, log_event
from annotations.models import Event, QueueCounter
from tests.annotations.factories import make_queue
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_an_event_keeps_its_kind_item_person_and_details():
    queue, user = make_queue(1), make_user()
    item = queue.items.get()
    log_event(queue, Event.Kind.GOLD, item=item, user=user, label=2)
    event = Event.objects.get(kind="gold")
    assert (event.queue, event.item, event.user, event.details) == (queue, item, user, {"label": 2})


def test_an_event_cannot_be_changed():
    log_event(make_queue(0), Event.Kind.MEMBER)
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        Event.objects.filter(kind="member").update(details={"a": 1})


def test_counters_of_many_people_add_up():
    queue = make_queue(0)
    for user_id in range(40):
        increment(queue, user_id, answers=1, settled=0)
    increment(queue, 7, answers=-2, disputed=1)
    sums = QueueCounter.objects.filter(queue=queue).aggregate(
        answers=Sum("answers"), settled=Sum("settled"), disputed=Sum("disputed")
    )
    assert sums == {"answers": 38, "settled": 0, "disputed": 1}


def test_people_are_spread_over_the_shards():
    queue = make_queue(0)
    for user_id in range(QueueCounter.SHARDS):
        increment(queue, user_id, answers=1)
    assert set(QueueCounter.objects.filter(queue=queue).values_list("answers", flat=True)) == {1}


def test_no_change_runs_no_query(django_assert_num_queries):
    queue = make_queue(0)
    with django_assert_num_queries(0):
        increment(queue, 1, answers=0)


def test_another_queue_keeps_its_counters():
    queue, other = make_queue(0), make_queue(0)
    increment(queue, 1, items=3)
    assert sum(other.counters.values_list("items", flat=True)) == 0
