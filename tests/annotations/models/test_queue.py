"""Queues: constraints, and who may see them."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from annotations.models import Queue, QueueMember
from annotations.models.error_types import ERROR_TYPES
from annotations.models.queue import MAX_OVERLAP, default_error_types
from tests.annotations.factories import make_queue
from tests.factories import make_dataset, make_user
from traces.models import DatasetMember

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("rules", "constraint"),
    [
        ({"overlap": 0}, "queue_overlap_possible"),
        ({"overlap": 3, "max_overlap": 2}, "queue_overlap_possible"),
        ({"max_overlap": MAX_OVERLAP + 1}, "queue_overlap_possible"),
        ({"random_share": 1.5}, "queue_shares_are_shares"),
        ({"gold_share": -0.1}, "queue_shares_are_shares"),
        ({"lease_minutes": 0}, "queue_lease_lasts"),
    ],
)
def test_the_database_refuses_impossible_rules(rules, constraint):
    dataset = make_dataset()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Queue.objects.create(dataset=dataset, name="q", **rules)


def test_a_name_is_used_once_in_a_dataset():
    dataset = make_dataset()
    queue = Queue.objects.create(dataset=dataset, name="q")
    Queue.objects.create(dataset=make_dataset(), name="q")
    with pytest.raises(IntegrityError, match="queue_name_once"), transaction.atomic():
        Queue.objects.create(dataset=dataset, name="q")
    assert str(queue) == "q"


def test_a_dataset_has_one_default_queue():
    dataset = make_dataset()
    Queue.objects.create(dataset=dataset, name="a", is_default=True)
    with pytest.raises(IntegrityError, match="queue_one_default"), transaction.atomic():
        Queue.objects.create(dataset=dataset, name="b", is_default=True)


@pytest.mark.parametrize("status", ["open", "paused", "closed"])
def test_only_an_open_queue_is_open(status):
    assert Queue(status=status).is_open is (status == "open")


@pytest.mark.parametrize(("order", "share"), [("random", 1.0), ("oldest", 0.25)])
def test_a_random_order_samples_every_item(order, share):
    assert Queue(order=order, random_share=0.25).sampled_share == share


def test_a_new_queue_has_the_default_error_types():
    assert [kind["name"] for kind in default_error_types()] == [kind.name for kind in ERROR_TYPES]
    assert make_queue(0).error_types == default_error_types()


def test_members_of_queue_and_dataset_and_leads_see_a_queue():
    queue, in_queue, in_dataset = make_queue(0), make_user(), make_user()
    queue.is_for_everyone = False
    queue.save()
    QueueMember.objects.create(queue=queue, user=in_queue, role="viewer")
    DatasetMember.objects.create(dataset=queue.dataset, user=in_dataset, role="viewer")
    for user in (in_queue, in_dataset, make_user(role="lead")):
        assert list(Queue.objects.visible_to(user)) == [queue]
    for user in (make_user(), AnonymousUser()):
        assert not Queue.objects.visible_to(user).exists()


def test_a_queue_for_everyone_is_hidden_where_its_dataset_is_for_members():
    queue, user = make_queue(0), make_user()
    assert list(Queue.objects.visible_to(user)) == [queue]
    queue.dataset.members_only = True
    queue.dataset.save()
    assert not Queue.objects.visible_to(user).exists()
