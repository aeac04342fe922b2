"""The people of a queue on their page: who is screened again, who goes on after a pause."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotations.errors import MemberPaused, ScreeningFailed
from annotations.gold import items
from annotations.models import Lease, Queue, QueueMember
from tests.annotations.factories import answer, make_queue, member, take
from tests.factories import make_trace, make_user

pytestmark = pytest.mark.django_db


def people_page(client: Client, queue: Queue) -> BeautifulSoup:
    answered = client.get(reverse("annotations:queue-people", args=[queue.pk]))
    return BeautifulSoup(answered.content, "html.parser")


def press(client: Client, page: BeautifulSoup, words: str) -> BeautifulSoup:
    """Press the button and return the next page."""
    button = next(b for b in page.select("button") if words in b.text)
    answered = client.post(button.find_parent("form")["action"], follow=True)
    assert answered.status_code == 200
    return BeautifulSoup(answered.content, "html.parser")


def has_button(page: BeautifulSoup, words: str) -> bool:
    return any(words in button.text for button in page.select("button"))


def test_a_lead_lets_who_failed_the_screening_try_again(client: Client):
    queue, person = make_queue(2), make_user("ann")
    items.add_gold(queue, make_trace(queue.dataset), 1, screening=True)
    answer(queue, person, 0)
    with pytest.raises(ScreeningFailed):
        take(queue, person)
    client.force_login(make_user(role="lead"))
    after = press(client, people_page(client, queue), "Allow another try ann")
    assert "Resumed ann. They will answer the screening items again." in after.text
    assert not has_button(after, "Allow another try")
    assert take(queue, person).item.purpose == "screening"


def test_a_lead_lets_who_drifted_go_on(client: Client):
    queue, person = make_queue(3, gold_share=1.0, drift_bound=0.9, drift_window=1), make_user("ann")
    items.add_gold(queue, make_trace(queue.dataset), 1)
    answer(queue, person, 0)
    with pytest.raises(MemberPaused):
        take(queue, person)
    client.force_login(make_user(role="lead"))
    page = people_page(client, queue)
    assert "ann is paused. 0 of the last answer to gold items were correct." in page.text
    after = press(client, page, "Resume ann")
    assert "Resumed ann." in after.text
    assert "screening" not in after.select_one(".notice").text
    assert take(queue, person).item.purpose == "work"


def test_a_lead_has_those_screened_who_came_before_there_was_a_screening(client: Client):
    queue, early, screened = make_queue(4), make_user("early"), make_user("screened")
    answer(queue, early)
    client.force_login(make_user(role="lead"))
    assert not has_button(people_page(client, queue), "Screen them")
    items.add_gold(queue, make_trace(queue.dataset), 1, screening=True)
    answer(queue, screened, 1)
    page = people_page(client, queue)
    assert "1 person started before there were" in page.text
    after = press(client, page, "Screen them")
    assert "1 person will answer the screening items next." in after.text
    assert not has_button(after, "Screen them")
    assert member(queue, screened).screened_at
    assert take(queue, early).item.purpose == "screening"


@pytest.mark.parametrize("role", ["annotator", "reviewer"])
def test_only_a_lead_screens_again_and_only_by_posting(client: Client, role: str):
    queue, early, other = make_queue(2), make_user(), make_user()
    answer(queue, early)
    items.add_gold(queue, make_trace(queue.dataset), 1, screening=True)
    queue.members.create(user=other, role=role)
    address = reverse("annotations:member-screen", args=[queue.pk])
    client.force_login(other)
    assert client.post(address).status_code == 403
    if role == "reviewer":
        assert not has_button(people_page(client, queue), "Screen them")
    queue.is_for_everyone = False
    queue.save()
    client.force_login(make_user())
    assert client.post(address).status_code == 404
    client.force_login(make_user(role="lead"))
    assert client.get(address).status_code == 405
    assert member(queue, early).screened_at


def test_people_are_added_changed_and_removed_with_what_they_hold(client: Client, lead: User):
    queue = make_queue(1)
    person = make_user()
    for role in ("annotator", "reviewer"):
        client.post(
            reverse("annotations:member-add", args=[queue.pk]), {"user": person.pk, "role": role}
        )
    member = QueueMember.objects.get(queue=queue, user=person)
    assert member.role == "reviewer"
    take(queue, person)
    client.post(reverse("annotations:member-remove", args=[queue.pk, member.pk]))
    assert not Lease.objects.held().exists()
    assert not QueueMember.objects.filter(user=person).exists()
