"""Scores on gold items, and the pauses that follow from them."""

import pytest

from annotations.errors import MemberPaused, ScreeningFailed
from annotations.gold.items import add_gold
from annotations.gold.monitoring import resume, screen_again
from annotations.leases.lifecycle import lease_ahead, next_lease
from annotations.models import Event, Lease
from tests.annotations.factories import answer, make_queue, member, send, take, with_gold
from tests.factories import make_trace, make_user

pytestmark = pytest.mark.django_db


def test_who_fails_the_screening_is_given_nothing_until_a_lead_lets_them_try_again():
    queue, user, lead = with_gold(2, screening=True), make_user(), make_user(role="lead")
    answer(queue, user, 1)
    outcome = answer(queue, user, 0)
    assert outcome.gold is None
    with pytest.raises(ScreeningFailed):
        next_lease(queue, user)
    resume(member(queue, user), by=lead)
    assert take(queue, user).item.purpose == "screening"


def test_who_drifts_below_the_bound_is_paused_and_the_log_says_so():
    queue = with_gold(6, gold_share=1.0, drift_bound=0.7, drift_window=5)
    user = make_user()
    for label in [1, 1, 1, 0]:
        answer(queue, user, label)
    ahead = lease_ahead(queue, user)
    answer(queue, user, 0)
    with pytest.raises(MemberPaused, match=r"3 of the last 5 answers to gold items were correct"):
        next_lease(queue, user)
    assert Event.objects.get(kind="paused").details["paused"] == user.pk
    assert ahead and not Lease.objects.held().exists()


def test_who_is_let_go_on_after_a_drift_is_judged_by_what_they_answer_from_then_on():
    queue = with_gold(12, gold_share=1.0, drift_bound=0.7, drift_window=5)
    user, lead = make_user(), make_user(role="lead")
    for label in [0, 0, 0, 0, 0]:
        answer(queue, user, label)
    with pytest.raises(MemberPaused):
        next_lease(queue, user)
    resume(member(queue, user), by=lead)
    for label in [0, 1, 1, 1]:
        answer(queue, user, label)
    answer(queue, user, 0)
    with pytest.raises(MemberPaused, match=r"3 of the last 5 answers to gold items were correct"):
        next_lease(queue, user)


def test_who_stays_above_the_bound_goes_on():
    queue, user = with_gold(6, gold_share=1.0, drift_bound=0.7, drift_window=5), make_user()
    for label in [1, 0, 1, 1, 1, 1]:
        answer(queue, user, label)
    assert take(queue, user).item.purpose == "work"


def test_screening_items_that_came_late_are_asked_of_everybody_once_a_lead_says_so():
    queue, user = make_queue(3), make_user()
    answer(queue, user)
    add_gold(queue, make_trace(queue.dataset), 1, screening=True)
    assert take(queue, user).item.purpose == "work"
    send(take(queue, user))
    assert screen_again(queue, by=make_user(role="lead")) == 1
    assert answer(queue, user, 1).lease.item.purpose == "screening"
    assert take(queue, user).item.purpose == "work"
