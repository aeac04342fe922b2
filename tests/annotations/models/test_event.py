"""Events of a queue, which are never changed."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from annotations.models import Event
from tests.annotations.factories import make_queue

pytestmark = pytest.mark.django_db


def test_an_event_is_never_updated():
    event = Event.objects.create(queue=make_queue(0), kind=Event.Kind.STATUS)
    event.kind = Event.Kind.GOLD
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        event.save()
    event.refresh_from_db()
    assert event.kind == "status"


def test_events_go_with_their_queue():
    queue = make_queue(1)
    assert queue.events.exists()
    queue.delete()
    assert not Event.objects.exists()


def test_an_event_is_named_by_kind_and_minute():
    event = Event(kind="gold", at=datetime(2026, 3, 1, 12, 30, tzinfo=UTC))
    assert str(event) == "gold at 2026-03-01 12:30"
