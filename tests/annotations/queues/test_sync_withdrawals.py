"""A withdrawn answer leaves its item, whose consensus no longer rests on it."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from annotations.adjudication.decisions import Ruling, decide
from annotations.errors import ReviewWithdrawn
from annotations.leases.lifecycle import next_lease
from annotations.models import Event, Item, Lease, Queue, QueueCounter
from annotations.queues.overlap import widen
from annotations.queues.sync_recuts import sync_recuts
from annotations.queues.sync_withdrawals import sync_withdrawals
from annotations.review.submit import revise
from annotations.review.verdicts import Review
from exports.lineage.withdrawal import withdraw
from tests.annotations.factories import answer, make_queue, people
from tests.factories import make_user
from traces.models import Verdict
from traces.segmentation.resegment import resegment

pytestmark = pytest.mark.django_db


def item() -> Item:
    return Item.objects.get()


def agreed() -> Verdict | None:
    return Verdict.objects.current().filter(judge__kind="consensus").first()


def withdraw_those_of(*users: object) -> None:
    verdicts = Verdict.objects.filter(judge__user__in=users)
    withdraw(verdicts, withdrawn_by=make_user(role="lead"))


def answers_counted() -> int:
    return sum(QueueCounter.objects.values_list("answers", flat=True))


def test_a_consensus_of_one_goes_and_somebody_else_is_asked():
    queue, (first, second) = make_queue(1), people(2)
    answer(queue, first, 1)
    withdraw_those_of(first)
    assert sync_withdrawals() == 1
    assert sync_withdrawals() == 0
    assert (item().status, item().answers, answers_counted()) == ("open", 0, 0)
    assert agreed() is None
    assert next_lease(queue, first) is None
    answer(queue, second, 0)
    assert (item().status, item().answers, answers_counted()) == ("settled", 1, 1)
    verdict = agreed()
    assert verdict and (verdict.earliest_error, verdict.revision) == (0, 2)
    assert Event.objects.filter(kind="withdrawn").count() == 1


def test_a_consensus_that_the_others_make_without_it_is_settled_again():
    queue, users = make_queue(1, overlap=3, max_overlap=5, rule="processbench"), people(5)
    for user, label in zip(users, [1, 0, 1, 0, 1], strict=True):
        answer(queue, user, label)
    before = agreed()
    withdraw_those_of(users[3])
    sync_withdrawals()
    after = agreed()
    assert item().status == "settled"
    assert before and after and (before.confidence, after.confidence) == (0.6, 0.75)


def test_one_more_is_asked_where_the_rule_needs_one_and_no_slot_is_given_twice():
    queue, users = make_queue(1, overlap=3, max_overlap=5, rule="processbench"), people(8)
    for user, label in zip(users, [1, 0, 1, 0, 1], strict=False):
        answer(queue, user, label)
    withdraw_those_of(users[2])
    sync_withdrawals()
    assert (item().status, item().free_slots) == ("open", [2])
    answer(queue, users[5], 1)
    assert item().status == "settled"
    Queue.objects.update(overlap=7, max_overlap=7)
    queue.refresh_from_db()
    widen(queue)
    for user in users[6:]:
        answer(queue, user, 1)
    slots = Lease.objects.filter(slot__isnull=False).values_list("slot", flat=True)
    assert sorted(slots) == list(range(7))


def test_a_decision_is_kept_when_any_answer_is_withdrawn():
    queue, users = make_queue(1, overlap=2, rule="unanimity"), people(2)
    answer(queue, users[0], 1)
    answer(queue, users[1], 0)
    decide(item().pk, make_user(role="lead"), Ruling(1, "2 + 2 is 4"))
    withdraw_those_of(*users)
    sync_withdrawals()
    verdict = agreed()
    assert item().status == "settled"
    assert verdict and (verdict.earliest_error, verdict.origin) == (1, "adjudication")


def test_a_withdrawn_review_cannot_be_changed_and_the_trace_can_be_judged_elsewhere():
    queue, user = make_queue(1), make_user()
    outcome = answer(queue, user, 1)
    withdraw_those_of(user)
    with pytest.raises(ReviewWithdrawn, match="no longer counts"):
        revise(outcome.lease.pk, user, Review(0), key=uuid.uuid4(), based_on=1)
    queue.name = "an earlier one"
    queue.save()
    other = make_queue(0, dataset=queue.dataset)
    again = answer(other, user, 0)
    assert (again.verdict.revision, again.verdict.is_current) == (2, True)


def test_ones_own_reviews_say_which_was_withdrawn(client: Client):
    queue, user = make_queue(1), make_user()
    lease = answer(queue, user, 1).lease
    withdraw_those_of(user)
    client.force_login(user)
    listed = client.get(reverse("annotations:review-list", args=[queue.pk])).content.decode()
    assert '<span class="tag bad">withdrawn</span>' in listed
    page = client.get(reverse("annotations:review-detail", args=[lease.pk])).content.decode()
    assert "A lead withdrew this review" in page


def test_a_consensus_that_came_along_to_a_newer_cut_goes_too():
    queue, user = make_queue(1), make_user()
    answer(queue, user, 0)
    trace = item().trace
    newest = resegment(trace, [trace.steps[0], "\n\n".join(trace.steps[1:])]).trace
    consensus = Verdict.objects.current().filter(judge__kind="consensus", trace=newest)
    assert consensus.exists()
    withdraw_those_of(user)
    sync_withdrawals()
    assert not consensus.exists()
    assert sync_recuts() == 1
    assert queue.items.get(trace=newest).status == "open"
