import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from tests.annotations.factories import make_queue
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def first_page(client: Client) -> BeautifulSoup:
    return BeautifulSoup(client.get(reverse("home")).content, "html.parser")


@pytest.mark.parametrize("role", ["annotator", "lead"])
def test_no_entry_of_the_navigation_is_refused(client: Client, role: str):
    client.force_login(make_user(role=role))
    links = [link["href"] for link in first_page(client).select(".site-nav a")]
    assert {client.get(link).status_code for link in links} == {200}
    assert (reverse("exports:export-list") in links) == (role == "lead")


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/", []),
        ("/datasets/", [("Datasets", "page")]),
        ("/imports/new/", [("Datasets", "true")]),
        ("/scoring/workers/", [("Scoring", "true")]),
        ("/tokens/", []),
        ("/nowhere/", []),
    ],
)
def test_the_navigation_marks_where_a_page_belongs(
    client: Client, path: str, marked: list[tuple[str, str]]
):
    client.force_login(make_user(role="lead"))
    page = BeautifulSoup(client.get(path).content, "html.parser")
    found = [(link.text, link["aria-current"]) for link in page.select(".site-nav [aria-current]")]
    assert found == marked


def test_a_queues_pages_belong_to_review(client: Client):
    queue = make_queue(1)
    client.force_login(make_user(role="lead"))
    page = BeautifulSoup(
        client.get(reverse("annotations:queue-detail", args=[queue.pk])).content, "html.parser"
    )
    assert [link.text for link in page.select(".site-nav [aria-current]")] == ["Review"]
