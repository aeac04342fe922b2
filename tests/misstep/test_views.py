import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_health_needs_no_login_and_answers_in_json(client: Client) -> None:
    answer = client.get(reverse("health"))
    assert (answer.status_code, answer.json()["database"]) == (200, "ok")
    assert client.post(reverse("health")).status_code == 405


def test_a_leads_home_has_first_steps_and_an_annotators_has_none(client: Client) -> None:
    client.force_login(make_user(role="lead"))
    lead = client.get(reverse("home"))
    assert lead.context["steps"].datasets == 0
    client.force_login(make_user())
    annotator = client.get(reverse("home"))
    assert annotator.context["steps"] is None
    assert list(annotator.context["waiting"]) == []
    assert BeautifulSoup(annotator.content, "html.parser").select_one("main")


def test_the_home_page_asks_for_a_login(client: Client) -> None:
    assert client.get(reverse("home")).url.startswith(reverse("accounts:login"))
