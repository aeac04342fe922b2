"""Leases: constraints, and whose they are."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from annotations.leases.lifecycle import lease_ahead, release
from annotations.models import Lease
from tests.annotations.factories import answer, make_queue, people, take
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_slot_has_one_lease():
    lease = take(make_queue(1, overlap=2), make_user())
    with pytest.raises(IntegrityError, match="lease_one_a_slot"), transaction.atomic():
        Lease.objects.create(
            item=lease.item,
            queue=lease.queue,
            annotator=make_user(),
            slot=lease.slot,
            expires_at=timezone.now(),
        )


def test_a_person_has_one_lease_on_an_item():
    lease = take(make_queue(1, overlap=2), make_user())
    with pytest.raises(IntegrityError, match="lease_one_a_person"), transaction.atomic():
        Lease.objects.create(
            item=lease.item,
            queue=lease.queue,
            annotator=lease.annotator,
            slot=1,
            expires_at=timezone.now(),
        )


@pytest.mark.parametrize("state", ["skipped", "released", "expired", "gave_up"])
def test_a_lease_that_ended_has_no_slot(state):
    lease = take(make_queue(1), make_user())
    with pytest.raises(IntegrityError, match="lease_slot_given_back"), transaction.atomic():
        Lease.objects.filter(pk=lease.pk).update(state=state)


def test_a_lease_is_its_annotators_alone():
    queue, (ada, ben) = make_queue(2), people(2)
    lease = take(queue, ada)
    take(queue, ben)
    assert list(Lease.objects.of(ada)) == [lease]
    assert not Lease.objects.of(AnonymousUser()).exists()
    assert str(lease) == f"lease {lease.pk}"


def test_held_leases_are_those_not_submitted_or_released():
    queue, users = make_queue(3), people(3)
    answer(queue, users[0])
    left = take(queue, users[1])
    release(left.pk, users[1])
    held = take(queue, users[2])
    assert list(Lease.objects.held()) == [held]
    assert held.is_held
    left.refresh_from_db()
    assert not left.is_held


def test_a_lease_with_its_item_needs_no_further_query(django_assert_num_queries):
    lease = take(make_queue(1), make_user())
    with django_assert_num_queries(1):
        loaded = Lease.objects.with_item().get(pk=lease.pk)
        assert loaded.item.trace.problem.text and loaded.item.trace.generator.name


def test_an_item_fetched_ahead_is_not_opened():
    queue, user = make_queue(2), make_user()
    assert take(queue, user).was_opened
    ahead = lease_ahead(queue, user)
    assert ahead and not ahead.was_opened
