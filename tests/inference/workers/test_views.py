"""The workers' page."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from inference.models import Worker
from inference.runs.start import start_run
from tests.factories import make_dataset, make_trace, make_user
from tests.inference.scripted import claim_next, make_worker, scripted_scorer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scripted")]


def rows(client: Client, *, htmx: bool = False) -> list[list[str]]:
    headers = {"HX-Request": "true"} if htmx else {}
    response = client.get(reverse("inference:worker-list"), headers=headers)
    page = BeautifulSoup(response.content, "html.parser")
    assert bool(page.select("html")) is not htmx
    return [
        [" ".join(cell.text.split()) for cell in row.select("th, td")]
        for row in page.select("tbody tr")
    ]


@pytest.mark.parametrize("htmx", [False, True])
def test_the_page_shows_who_is_connected_and_at_what(client: Client, htmx: bool):
    client.force_login(make_user())
    make_worker("prm@here")
    make_worker("prm@away")
    Worker.objects.filter(name="prm@away").update(stopped_at=timezone.now())
    run = start_run(scripted_scorer(), dataset=make_trace(make_dataset()).dataset, created_by=None)
    claim_next("prm@here")
    here, away = rows(client, htmx=htmx)
    assert here[:2] == ["prm@here", "connected"]
    assert here[5] == f"Run {run.pk} (1 shard)"
    assert away[:2] == ["prm@away", "stopped"]


def test_the_page_costs_the_same_queries_for_one_worker_and_three(
    client: Client, django_assert_num_queries
):
    client.force_login(make_user())
    for names in (["a"], ["b", "c"]):
        for name in names:
            make_worker(name)
        with django_assert_num_queries(5):
            rows(client)
