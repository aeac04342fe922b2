"""Disputes settled on their page, without names, and known answers added on theirs."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from annotations.models import Lease, Queue, QueueMember
from annotations.review.skip import skip
from tests.annotations.adjudication.disputes import address, disputed, shown
from tests.annotations.factories import answer, make_queue, take
from tests.factories import make_user
from traces.models import Verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def queue() -> Queue:
    return disputed(1)


def test_what_people_gave_up_is_shown_and_can_be_decided(client: Client, lead: User):
    queue = make_queue(1, give_up_limit=1)
    person = make_user()
    skip(take(queue, person).pk, person, "give_up", "what is a torsor?")
    page = shown(client, queue.items.get())
    assert page.select_one("details.others").has_attr("open")
    assert "what is a torsor?" in page.text
    client.post(address(queue.items.get()), {"other": 3, "reason": "the limit is 1"})
    assert queue.items.get().status == "settled"


def test_a_reviewer_is_led_past_what_they_answered_themselves(client: Client):
    queue = disputed(3)
    person = make_user(role="annotator")
    QueueMember.objects.create(queue=queue, user=person, role="reviewer")
    first, second, third = queue.items.order_by("pk")
    for own in (first, third):
        Lease.objects.filter(item=own).first().delete()
        Lease.objects.create(
            item=own, queue=queue, annotator=person, state="submitted", expires_at=timezone.now()
        )
    client.force_login(person)
    listed = client.get(reverse("annotations:dispute-list", args=[queue.pk]))
    assert f'href="{address(second)}">Settle oldest dispute' in listed.content.decode()
    answered = client.post(address(second), {"step": 1, "reason": "so it is"})
    assert answered["Location"] == reverse("annotations:dispute-list", args=[queue.pk])
    assert "You reviewed each of these yourself" in client.get(answered["Location"]).text


def test_a_decision_becomes_the_consensus_and_the_next_dispute_comes(client: Client, lead: User):
    queue = disputed(2)
    first, second = queue.items.order_by("pk")
    data = {"step": 3, "reason": "step 1 holds", "error_type": "logical", "correction": "x = 1"}
    answered = client.post(address(first), data)
    assert answered["Location"] == address(second)
    queue.refresh_from_db()
    verdict = Verdict.objects.current().get(judge=queue.judge, trace=first.trace)
    assert (verdict.earliest_error, verdict.explanation) == (2, "step 1 holds")
    assert (verdict.origin, verdict.correction) == ("adjudication", "x = 1")
    first.refresh_from_db()
    assert first.status == "settled"


def test_a_second_signature_makes_a_candidate_for_gold(client: Client, lead: User, queue: Queue):
    item = queue.items.get()
    client.post(address(item), {"step": 0, "reason": "all holds"})
    gold = reverse("annotations:gold-list", args=[queue.pk])
    assert item.trace.external_id not in client.get(gold).content.decode()
    client.force_login(make_user("second", role="lead"))
    assert "Sign decision" in shown(client, item).text
    client.post(address(item, "sign"))
    page = shown(client, item).text
    assert "by the-lead. all holds" in page
    assert "Signed by second." in page
    assert "Sign decision" not in page
    assert item.trace.external_id in client.get(gold).content.decode()


def test_people_who_answered_do_not_decide(client: Client, queue: Queue):
    person = User.objects.get(username="ann-of-leeds-1")
    QueueMember.objects.filter(queue=queue, user=person).update(role="reviewer")
    client.force_login(person)
    answered = client.post(address(queue.items.get()), {"step": 0, "reason": "I say so"})
    assert "Somebody else has to decide it" in answered.content.decode()


def test_no_item_is_removed_without_a_reason(client: Client, lead: User, queue: Queue):
    item = queue.items.get()
    answered = client.post(address(item, "dismiss"), {"status": "discarded", "reason": " "})
    assert answered["Location"] == address(item)
    assert "Give a reason" in shown(client, item).text
    assert queue.items.get().status == "disputed"


def test_a_bad_problem_is_removed_from_the_queue(client: Client, lead: User, queue: Queue):
    item = queue.items.get()
    client.post(address(item, "dismiss"), {"status": "bad_problem", "reason": "no figure"})
    assert queue.items.get().status == "bad_problem"


def test_hostile_words_in_a_dispute_are_shown_harmless(client: Client, lead: User):
    queue = make_queue(1, overlap=2, rule="unanimity")
    for label in (0, 1):
        answer(queue, make_user(), label, note="<script>alert(1)</script>[x](javascript:alert(1))")
    page = shown(client, queue.items.get())
    assert not page.select(".sides script")
    assert not page.select(".sides a[href^=javascript]")
