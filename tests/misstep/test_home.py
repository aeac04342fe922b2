"""The first page: what waits, what to do first; and the navigation, which leads to no refusal."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from annotations.models import StepComment
from tests.annotations.factories import answer, make_queue, take
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def first_page(client: Client) -> BeautifulSoup:
    return BeautifulSoup(client.get(reverse("home")).content, "html.parser")


def test_a_lead_without_anything_is_told_what_to_do_first(client: Client):
    client.force_login(make_user(role="lead"))
    page = first_page(client)
    assert page.h1.text == "Get started"
    assert page.select_one(".first-steps li a")["href"] == reverse("traces:import-create")
    assert page.select(".first-steps .done") == []


def test_what_is_done_is_marked(client: Client):
    make_queue(1)
    make_user()
    client.force_login(make_user(role="lead"))
    done = [step.h2.text for step in first_page(client).select(".first-steps .done")]
    assert done == ["Import traces", "Add people", "Create a review queue"]


def test_disputes_and_comments_wait_for_the_lead_alone(client: Client):
    queue = make_queue(2, overlap=2, rule="unanimity")
    ann, ben = make_user(), make_user()
    answer(queue, ann, 0)
    answer(queue, ben, 2)
    StepComment.objects.create(item=take(queue, ann).item, author=ann, text="odd")
    client.force_login(ann)
    assert first_page(client).select(".notice") == []
    client.force_login(make_user(role="lead"))
    (notice,) = first_page(client).select(".notice")
    assert [link.text.strip() for link in notice.select("a")] == ["1 dispute", "1 comment"]


def test_an_annotator_finds_open_queues_and_no_others(client: Client):
    queue = make_queue(2)
    paused = make_queue(1, dataset=None)
    paused.status = "paused"
    paused.save()
    client.force_login(make_user())
    page = first_page(client)
    first = page.select_one(".queues a")
    assert first["href"] == reverse("annotations:queue-review", args=[queue.pk])
    shown = [link["href"] for link in page.select(".queues a")]
    assert reverse("annotations:queue-review", args=[paused.pk]) not in shown
    assert page.select(".first-steps") == []


def test_an_annotator_without_queues_is_told_who_adds_them(client: Client):
    client.force_login(make_user())
    assert "When a lead adds you" in first_page(client).select_one(".empty").text
