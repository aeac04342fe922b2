from datetime import timedelta

import pytest
from django.utils import timezone

from annotations.errors import LeaseLost, MemberPaused, NotAMember, QueueClosed, QueuePaused
from annotations.gold.monitoring import pause
from annotations.leases.lifecycle import expire, hold, lease_ahead, next_lease, release, renew
from annotations.models import Event, Item, Lease, Queue
from tests.annotations.factories import answer, make_queue, member, people, run_out, send, take
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_asking_again_gives_what_is_held():
    queue, user = make_queue(), make_user()
    assert take(queue, user) == take(queue, user)
    assert Lease.objects.count() == 1


def test_the_item_ahead_becomes_the_next_one():
    queue, user = make_queue(3), make_user()
    first = take(queue, user)
    ahead = lease_ahead(queue, user)
    assert ahead is not None and ahead.is_ahead and ahead.item_id != first.item_id
    assert lease_ahead(queue, user) == ahead
    assert take(queue, user) == first
    send(first)
    following = take(queue, user)
    assert following == ahead
    assert not following.is_ahead and following.opened_at


def test_released_item_is_free_for_others_and_comes_back_first():
    queue, (ada, bob) = make_queue(2), people(2)
    first = take(queue, ada)
    release(first.pk, ada)
    first.refresh_from_db()
    assert (first.state, first.slot) == ("released", None)
    assert take(queue, ada) == first
    release(first.pk, ada)
    assert {take(queue, bob).item_id, answer(queue, bob).lease.item_id} >= {first.item_id}


def test_a_lease_that_ran_out_goes_to_somebody_else():
    queue, (ada, bob) = make_queue(1), people(2)
    run_out(take(queue, ada))
    lease = take(queue, bob)
    assert lease.item.people == 2
    assert next_lease(queue, ada) is None
    kinds = Event.objects.order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["created", "filled", "granted", "expired", "granted"]


def test_expiry_is_idempotent():
    queue, users = make_queue(2, overlap=2), people(3)
    for user in users:
        run_out(take(queue, user))
    assert expire() == 3
    assert expire() == 0
    rooms = Item.objects.order_by("pk").values_list("free_slots", flat=True)
    assert [sorted(room) for room in rooms] == [[0, 1], [0, 1]]


def test_a_heartbeat_keeps_the_lease_and_the_one_ahead():
    queue, user = make_queue(2), make_user()
    lease, ahead = take(queue, user), lease_ahead(queue, user)
    assert ahead
    soon = timezone.now() + timedelta(seconds=30)
    Lease.objects.update(expires_at=soon)
    renew(lease.pk, user)
    assert all(row.expires_at > soon for row in Lease.objects.all())


def test_a_heartbeat_takes_up_what_ran_out_and_nobody_else_has():
    queue, user = make_queue(1), make_user()
    lease = take(queue, user)
    run_out(lease)
    expire()
    assert renew(lease.pk, user).is_held


def test_a_heartbeat_says_when_the_item_is_anothers():
    queue, (ada, bob) = make_queue(1), people(2)
    lease = take(queue, ada)
    run_out(lease)
    expire()
    take(queue, bob)
    with pytest.raises(LeaseLost):
        renew(lease.pk, ada)


def test_nobody_renews_anothers_lease():
    queue, (ada, bob) = make_queue(1), people(2)
    lease = take(queue, ada)
    with pytest.raises(LeaseLost):
        renew(lease.pk, bob)


def test_a_stranger_is_refused():
    queue, user = make_queue(), make_user()
    queue.is_for_everyone = False
    queue.save()
    with pytest.raises(NotAMember):
        next_lease(queue, user)


@pytest.mark.parametrize(
    ("status", "refusal"),
    [(Queue.Status.PAUSED, QueuePaused), (Queue.Status.CLOSED, QueueClosed)],
)
def test_a_queue_that_is_not_open_gives_nothing(status, refusal):
    queue, user = make_queue(), make_user()
    queue.status = status
    queue.save()
    with pytest.raises(refusal):
        next_lease(queue, user)


def test_a_paused_person_is_given_nothing():
    queue, user = make_queue(), make_user()
    take(queue, user)
    row = member(queue, user)
    row.paused_at, row.pause_reason = timezone.now(), "Please read the guidelines."
    row.save()
    with pytest.raises(MemberPaused, match="Please read the guidelines"):
        next_lease(queue, user)


def test_what_a_pause_has_taken_back_is_not_taken_up_again_by_the_page_that_is_still_open():
    queue, user = make_queue(), make_user()
    lease = take(queue, user)
    pause(member(queue, user))
    for still in [renew, hold]:
        with pytest.raises(MemberPaused, match="A lead paused you in this queue"):
            still(lease.pk, user)
    with pytest.raises(MemberPaused):
        send(lease, 0)
    assert not Lease.objects.held().exists()
