"""The scorers' pages."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from inference.backends.critic.prompts import DEFAULT
from inference.models import Scorer
from inference.scorers.registry import get_or_create_scorer
from tests.factories import make_user

pytestmark = pytest.mark.django_db

CREATE = {"name": "critic-a", "backend": "critic", "model": "qwen", "endpoint": "http://gpu-1:8000"}


def page(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def create(client: Client, **more: Any) -> Any:
    return client.post(reverse("inference:critic-create"), CREATE | more)


def critic(name: str = "critic-a", **parameters: Any) -> Scorer:
    known = {"endpoint": "http://gpu-1:8000/v1", **parameters}
    return get_or_create_scorer(name, backend="critic", model="qwen", parameters=known)


@pytest.mark.usefixtures("lead")
def test_a_lead_adds_a_critic_and_sees_its_whole_recipe(client: Client):
    response = create(client, samples="8", temperature="1", top_p="0.9", parse="tolerant")
    scorer = Scorer.objects.get()
    assert response.url == reverse("inference:scorer-detail", args=[scorer.pk])
    assert (scorer.kind, scorer.queue, scorer.threshold) == ("critic", "critic", None)
    assert scorer.parameters["prompt"] == DEFAULT
    assert (scorer.parameters["samples"], scorer.parameters["parse"]) == (8, "tolerant")
    shown = page(client.get(response.url)).select_one("main").text
    assert all(word in shown for word in ("http://gpu-1:8000", "tolerant", "{tagged_response}"))


@pytest.mark.usefixtures("lead")
def test_the_scorers_page_leads_to_recipes_and_to_the_form(client: Client):
    scorer = critic()
    shown = page(client.get(reverse("inference:scorer-list")))
    for path in (
        reverse("inference:scorer-detail", args=[scorer.pk]), reverse("inference:critic-create"),
    ):  # fmt: skip
        assert shown.select_one(f"main a[href='{path}']")
    choices = {option["value"] for option in shown.select("select[name=backend] option")}
    assert "qwen-prm" in choices
    assert not {"critic", "gen-prm", "think-prm"} & choices


def test_an_annotator_reads_recipes_and_adds_none(client: Client):
    client.force_login(make_user())
    scorer = critic()
    assert client.get(reverse("inference:scorer-detail", args=[scorer.pk])).status_code == 200
    assert client.get(reverse("inference:critic-create")).status_code == 403
    assert create(client).status_code == 403


@pytest.mark.usefixtures("lead")
def test_wrong_ids_and_methods(client: Client):
    for name in ("scorer-detail", "verdict-outputs"):
        assert client.get(reverse(f"inference:{name}", args=[10**9])).status_code == 404
        assert client.post(reverse(f"inference:{name}", args=[1])).status_code == 405
