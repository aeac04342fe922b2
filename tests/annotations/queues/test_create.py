"""New queues, and a dataset's default queue."""

import pytest

from annotations.models import Event
from annotations.queues.create import create_queue, default_queue
from tests.factories import make_dataset, make_trace

pytestmark = pytest.mark.django_db


def test_who_makes_a_queue_leads_it(lead):
    queue = create_queue(make_dataset(), "mine", created_by=lead)
    assert [(m.user, m.role) for m in queue.members.all()] == [(lead, "lead")]


def test_the_default_queue_takes_in_traces_that_came_since():
    dataset = make_trace().dataset
    queue = default_queue(dataset)
    late = make_trace(dataset)
    assert default_queue(dataset) == queue
    assert list(queue.items.order_by("pk").values_list("trace", flat=True))[-1] == late.pk
    assert Event.objects.filter(kind="filled").count() == 2


def test_a_dataset_has_one_default_queue_with_all_its_traces():
    trace = make_trace()
    queue = default_queue(trace.dataset)
    assert default_queue(trace.dataset) == queue
    assert list(queue.items.values_list("trace", flat=True)) == [trace.pk]
