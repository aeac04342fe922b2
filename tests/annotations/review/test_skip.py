"""Items that end without a review, and the undo of it."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from annotations.errors import (
    LeaseLost,
)
from annotations.gold.items import add_gold
from annotations.leases.lifecycle import next_lease
from annotations.models import Item, Lease, QueueCounter
from annotations.review.skip import skip, undo_skip
from annotations.review.submit import complete_lease
from annotations.review.verdicts import Review
from tests.annotations.factories import make_queue, people, send, take
from tests.factories import make_trace, make_user

pytestmark = pytest.mark.django_db


def test_enough_people_calling_a_problem_bad_take_the_item_out():
    queue, users = make_queue(1, bad_problem_limit=2), people(3)
    for user in users[:2]:
        skip(take(queue, user).pk, user, "bad_problem", "no figure")
    assert Item.objects.get().status == "bad_problem"
    assert next_lease(queue, users[2]) is None
    assert QueueCounter.objects.filter(bad_problems=1).count() == 1


def test_giving_up_and_being_unsure_count_together_and_lead_to_a_dispute():
    queue, users = make_queue(1, give_up_limit=2), people(2)
    skip(take(queue, users[0]).pk, users[0], "give_up")
    skip(take(queue, users[1]).pk, users[1], "unsure", "steps 2 or 3")
    assert Item.objects.get().status == "disputed"
    notes = Lease.objects.order_by("pk").values_list("state", "note")
    assert list(notes) == [("gave_up", ""), ("unsure", "steps 2 or 3")]


def test_finishing_twice_is_finishing_once():
    queue, user = make_queue(1), make_user()
    lease = take(queue, user)
    skip(lease.pk, user, "skip")
    skip(lease.pk, user, "skip")
    assert Item.objects.get().free_slots == [0]


@pytest.mark.parametrize("reason", ["skip", "give_up", "unsure", "bad_problem"])
def test_an_ending_without_a_review_can_be_taken_back(reason):
    queue, user = make_queue(2), make_user()
    lease = take(queue, user)
    skip(lease.pk, user, reason)
    other = take(queue, user)
    assert undo_skip(lease.pk, user).is_held
    item = Item.objects.get(pk=lease.item_id)
    assert (item.free_slots, item.bad_problems, item.give_ups) == ([], 0, 0)
    complete_lease(lease.pk, user, Review(0), key=uuid.uuid4(), version=0)
    assert Item.objects.get(pk=lease.item_id).status == "settled"
    assert take(queue, user) == other


def test_an_ending_stays_where_the_item_went_to_somebody_else_or_left_the_line():
    queue, (ada, ben) = make_queue(1, bad_problem_limit=1), people(2)
    mine = take(queue, ada)
    skip(mine.pk, ada, "skip")
    theirs = take(queue, ben)
    with pytest.raises(LeaseLost):
        undo_skip(mine.pk, ada)
    skip(theirs.pk, ben, "bad_problem")
    for lease, user in [(mine, ada), (theirs, ben)]:
        with pytest.raises(LeaseLost, match="it was removed from the queue"):
            undo_skip(lease.pk, user)
    assert Item.objects.get().status == "bad_problem"


def test_a_skipped_known_answer_that_is_taken_back_is_judged_by_the_answer():
    queue, user = make_queue(1, gold_share=1.0), make_user()
    add_gold(queue, make_trace(queue.dataset), 0)
    lease = take(queue, user)
    skip(lease.pk, user, "skip")
    undo_skip(lease.pk, user)
    complete_lease(lease.pk, user, Review(0), key=uuid.uuid4(), version=0)
    assert Lease.objects.get(pk=lease.pk).gold_correct is True


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
