"""The statistics of a queue's members."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotations.models import QueueMember
from tests.annotations.factories import answer, make_queue
from tests.annotations.queues.queue_pages import page
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_people_have_their_numbers_and_can_be_paused(client: Client, lead: User):
    queue = make_queue(3)
    person = make_user("ann")
    for seconds in (10, 30):
        answer(queue, person, 1, seconds_spent=seconds)
    row = next(
        tr for tr in page(client, "queue-people", queue.pk).select("tbody tr") if "ann" in tr.text
    )
    cells = [cell.text.strip() for cell in row.select("td")]
    assert cells[:6] == ["annotator", "2", "0", "none yet", "none yet", "20"]
    member = QueueMember.objects.get(queue=queue, user=person)
    address = reverse("annotations:member-pause", args=[queue.pk, member.pk])
    client.post(address)
    member.refresh_from_db()
    assert member.paused_at
    client.post(address)
    member.refresh_from_db()
    assert member.paused_at is None


@pytest.mark.parametrize("count", [1, 4])
def test_the_peoples_page_asks_the_same_number_of_queries(
    client: Client, lead: User, django_assert_num_queries, count: int
):
    queue = make_queue(count)
    for _ in range(count):
        answer(queue, make_user(), 0)
    with django_assert_num_queries(9):
        page(client, "queue-people", queue.pk)
