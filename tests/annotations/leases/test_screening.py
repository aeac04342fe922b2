"""The screening of newcomers to a queue."""

import pytest

from annotations.errors import NotScreened, ScreeningFailed
from annotations.leases.lifecycle import lease_ahead, lease_trace, next_lease, release
from annotations.review.skip import skip
from tests.annotations.factories import answer, member, send, take, with_gold
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_newcomers_answer_the_screening_items_first_and_pass():
    queue, user = with_gold(2, screening=True, pass_mark=0.5), make_user()
    first = take(queue, user)
    ahead = lease_ahead(queue, user)
    assert ahead and {first.item.purpose, ahead.item.purpose} == {"screening"}
    send(first, 1)
    send(take(queue, user), 0)
    assert member(queue, user).screened_at
    assert take(queue, user).item.purpose == "work"


def test_skipping_a_screening_item_is_no_right_answer():
    queue, user = with_gold(1, screening=True), make_user()
    skip(take(queue, user).pk, user, "skip")
    with pytest.raises(ScreeningFailed):
        next_lease(queue, user)


def test_a_screening_item_that_was_left_or_postponed_comes_back():
    queue, user = with_gold(2, screening=True), make_user()
    left = take(queue, user)
    release(left.pk, user)
    postponed = take(queue, user)
    assert postponed.pk == left.pk
    skip(postponed.pk, user, "postpone")
    assert answer(queue, user, 1).lease.pk != left.pk
    assert answer(queue, user, 1).lease.pk == left.pk
    assert take(queue, user).item.purpose == "work"


def test_who_passed_and_comes_back_to_the_queue_goes_on():
    queue, user = with_gold(1, screening=True), make_user()
    answer(queue, user, 1)
    member(queue, user).delete()
    assert take(queue, user).item.purpose == "work"


def test_nobody_picks_a_trace_before_the_screening():
    queue, user = with_gold(1, screening=True), make_user()
    with pytest.raises(NotScreened, match="Answer them before you pick a trace"):
        lease_trace(queue, user, queue.items.filter(purpose="work").first().trace)
