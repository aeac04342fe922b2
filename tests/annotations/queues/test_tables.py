"""The list of queues that a person can review in."""

import pytest
from django.urls import reverse

from annotations.queues.operations import set_status
from annotations.queues.tables import queues_of
from tests.annotations.factories import answer, make_queue
from tests.factories import make_dataset, make_trace, make_user

pytestmark = pytest.mark.django_db


def test_a_row_counts_the_persons_reviews_and_all_items():
    queue, user = make_queue(3, overlap=2), make_user()
    answer(queue, user)
    answer(queue, make_user())
    row = queues_of(user)[0]
    assert (row.name, row.reviewed, row.total) == ("checks", 1, 3)
    assert row.address == reverse("annotations:queue-review", args=[queue.pk])


def test_a_dataset_without_a_default_queue_has_a_row_that_creates_it():
    trace = make_trace()
    [row] = queues_of(make_user())
    assert (row.queue, row.name, row.total) == (None, "Review", 1)
    assert row.address == reverse("annotations:review-next", args=[trace.dataset.name])


def test_closed_queues_and_those_of_others_are_left_out():
    closed, other = make_queue(1), make_queue(1)
    set_status(closed, "closed", by=make_user(role="lead"))
    other.is_for_everyone = False
    other.save()
    assert [row.queue for row in queues_of(make_user())] == [None, None]


def test_datasets_for_members_are_left_out():
    dataset = make_dataset()
    dataset.members_only = True
    dataset.save()
    assert queues_of(make_user()) == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_two_queries(count, django_assert_num_queries):
    for _ in range(count):
        make_queue(1)
    user = make_user()
    with django_assert_num_queries(2):
        assert len([row.name for row in queues_of(user)]) == 2 * count
