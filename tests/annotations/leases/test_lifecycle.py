from datetime import timedelta

import pytest
from django.utils import timezone

from annotations.errors import LeaseLost, MemberPaused, NotAMember, QueueClosed, QueuePaused
from annotations.gold.monitoring import pause
from annotations.leases.lifecycle import expire, hold, lease_ahead, next_lease, release, renew
from annotations.models import Event, Item, Lease, Queue
from annotations.review.skip import skip
from tests.annotations.making import answer, make_queue, member, people, send, take
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def run_out(lease: Lease) -> None:
    Lease.objects.filter(pk=lease.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def test_asking_again_gives_what_is_held():
    queue, user = make_queue(), make_user()
    assert take(queue, user) == take(queue, user)
    assert Lease.objects.count() == 1


def test_two_people_are_given_two_items():
    queue, (ada, bob) = make_queue(2), people(2)
    assert take(queue, ada).item_id != take(queue, bob).item_id


def test_oldest_comes_first():
    queue, user = make_queue(3), make_user()
    given = [answer(queue, user).lease.item.trace_id for _ in range(3)]
    assert given == sorted(given)


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


def test_overlap_gives_an_item_to_that_many_people_and_to_nobody_twice():
    queue, users = make_queue(1, overlap=2), people(3)
    given = [next_lease(queue, user) for user in users]
    assert [lease.slot if lease else None for lease in given] == [0, 1, None]
    send(take(queue, users[0]))
    assert next_lease(queue, users[0]) is None


def test_begun_items_come_before_fresh_ones():
    queue, (ada, bob) = make_queue(3, overlap=2), people(2)
    answer(queue, ada)
    answer(queue, ada)
    begun = set(Lease.objects.values_list("item_id", flat=True))
    assert {answer(queue, bob).lease.item_id, answer(queue, bob).lease.item_id} == begun


def test_a_person_is_led_past_what_they_did_themselves(monkeypatch):
    monkeypatch.setattr("annotations.leases.assignment.WINDOW", 2)
    monkeypatch.setattr("annotations.leases.assignment.WINDOWS_AT_ONCE", 2)
    queue, (ada, bob) = make_queue(12, overlap=2), people(2)
    for _ in range(11):
        answer(queue, ada)
    for _ in range(12):
        answer(queue, bob)
    assert next_lease(queue, bob) is None
    assert take(queue, ada).item.answers == 1


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


def test_expiring_twice_changes_nothing_the_second_time():
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
    assert all(found.expires_at > soon for found in Lease.objects.all())


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
    found = member(queue, user)
    found.paused_at, found.pause_reason = timezone.now(), "Please read the guidelines."
    found.save()
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


def test_a_skip_goes_to_somebody_else_and_never_back():
    queue, (ada, bob) = make_queue(1), people(2)
    lease = take(queue, ada)
    skip(lease.pk, ada, "skip")
    assert next_lease(queue, ada) is None
    assert take(queue, bob).item_id == lease.item_id


def test_a_postponed_item_comes_back_when_nothing_else_is_left():
    queue, user = make_queue(2), make_user()
    lease = take(queue, user)
    skip(lease.pk, user, "postpone")
    other = take(queue, user)
    assert other.item_id != lease.item_id
    send(other)
    assert take(queue, user) == lease


def test_a_postponed_item_comes_back_first_once_it_is_due():
    queue, user = make_queue(3), make_user()
    lease = take(queue, user)
    skip(lease.pk, user, "postpone")
    Lease.objects.filter(pk=lease.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    assert take(queue, user) == lease


def test_a_blind_share_of_one_blinds_everybody():
    queue, user = make_queue(1, blind_share=1.0), make_user()
    assert take(queue, user).is_blind
