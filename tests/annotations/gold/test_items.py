import uuid

import pytest

from annotations.errors import MemberPaused, NotScreened, ReviewRefused, ScreeningFailed
from annotations.gold.items import add_gold
from annotations.gold.monitoring import resume, score, screen_again
from annotations.leases.lifecycle import lease_ahead, lease_trace, next_lease, release
from annotations.models import Event, Item, Lease, Queue
from annotations.review.skip import skip
from annotations.review.submit import revise
from annotations.review.verdicts import Review
from tests.annotations.making import answer, make_queue, member, people, send, take
from tests.factories import make_trace, make_user

pytestmark = pytest.mark.django_db


def with_gold(count: int, *, label: int = 1, screening: bool = False, **rules: object) -> Queue:
    queue = make_queue(6, **rules)
    for _ in range(count):
        add_gold(
            queue, make_trace(queue.dataset), label, feedback="4 + 1 is 5", screening=screening
        )
    return queue


def test_gold_goes_to_everybody_and_takes_no_slot():
    queue, users = with_gold(1, gold_share=1.0), people(3)
    given = [take(queue, user) for user in users]
    assert [lease.item.purpose for lease in given] == ["gold"] * 3
    assert [lease.slot for lease in given] == [None] * 3


def test_gold_is_given_once_to_a_person_and_then_work_goes_on():
    queue, user = with_gold(1, gold_share=1.0), make_user()
    assert answer(queue, user, 1).lease.item.is_gold
    assert not take(queue, user).item.is_gold


def test_no_gold_share_gives_no_gold():
    queue, user = with_gold(3), make_user()
    purposes = {answer(queue, user).lease.item.purpose for _ in range(6)}
    assert purposes == {"work"}
    assert next_lease(queue, user) is None


@pytest.mark.parametrize(("label", "correct"), [(1, True), (0, False)])
def test_feedback_is_given_where_the_queue_gives_it(label, correct):
    queue = with_gold(1, gold_share=1.0, gold_feedback=True)
    outcome = answer(queue, make_user(), label)
    assert outcome.gold
    assert (outcome.gold.correct, outcome.gold.label) == (correct, 1)
    assert outcome.gold.explanation == "4 + 1 is 5"


def test_no_feedback_is_given_where_the_queue_gives_none():
    queue, user = with_gold(1, gold_share=1.0), make_user()
    assert answer(queue, user, 0).gold is None
    assert score(queue, user).share == 0


def test_gold_is_never_settled_and_counts_as_no_answer():
    queue = with_gold(1, gold_share=1.0)
    answer(queue, make_user(), 1)
    assert Item.objects.get(purpose="gold").status == "open"
    assert queue.judge is None


def test_newcomers_answer_the_screening_items_first_and_pass():
    queue, user = with_gold(2, screening=True, pass_mark=0.5), make_user()
    first = take(queue, user)
    ahead = lease_ahead(queue, user)
    assert ahead and {first.item.purpose, ahead.item.purpose} == {"screening"}
    send(first, 1)
    send(take(queue, user), 0)
    assert member(queue, user).screened_at
    assert take(queue, user).item.purpose == "work"


def test_who_fails_the_screening_is_given_nothing_until_a_lead_lets_them_try_again():
    queue, user, lead = with_gold(2, screening=True), make_user(), make_user(role="lead")
    answer(queue, user, 1)
    outcome = answer(queue, user, 0)
    assert outcome.gold is None
    with pytest.raises(ScreeningFailed):
        next_lease(queue, user)
    resume(member(queue, user), by=lead)
    assert take(queue, user).item.purpose == "screening"


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


def test_a_corrected_answer_judges_what_people_said_first_again():
    queue, users = with_gold(1, gold_share=1.0), people(3)
    right, wrong, skipped = (take(queue, user) for user in users)
    send(right, 0)
    send(wrong, 1)
    revise(right.pk, users[0], Review(1), key=uuid.uuid4(), based_on=1)
    skip(skipped.pk, users[2], "skip")
    add_gold(queue, right.item.trace, 0)
    judged = Lease.objects.filter(pk__in=[right.pk, wrong.pk, skipped.pk]).order_by("pk")
    assert list(judged.values_list("gold_correct", flat=True)) == [True, False, False]


def test_a_label_that_the_trace_cannot_have_is_refused():
    queue = make_queue(1)
    with pytest.raises(ReviewRefused, match="use -1 for no error, or 0 to 2"):
        add_gold(queue, make_trace(queue.dataset), 3)


def test_an_item_at_work_cannot_become_gold_and_a_settled_one_can():
    queue, user = make_queue(1), make_user()
    lease = take(queue, user)
    with pytest.raises(ReviewRefused, match="is being reviewed"):
        add_gold(queue, lease.item.trace, 1)
    send(lease, 1)
    assert add_gold(queue, lease.item.trace, 1).is_gold


def test_screening_items_that_came_late_are_asked_of_everybody_once_a_lead_says_so():
    queue, user = make_queue(3), make_user()
    answer(queue, user)
    add_gold(queue, make_trace(queue.dataset), 1, screening=True)
    assert take(queue, user).item.purpose == "work"
    send(take(queue, user))
    assert screen_again(queue, by=make_user(role="lead")) == 1
    assert answer(queue, user, 1).lease.item.purpose == "screening"
    assert take(queue, user).item.purpose == "work"
