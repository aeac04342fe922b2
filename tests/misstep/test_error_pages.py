"""The pages of refusals: for people with a login, and for strangers."""

import json
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from misstep.api.errors import NOT_FOUND
from misstep.error_pages import server_error
from tests.factories import make_dataset, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("logged_in", [True, False])
def test_an_unknown_address_has_a_page(client: Client, logged_in: bool):
    if logged_in:
        client.force_login(make_user())
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "Page not found" in response.content.decode()


@pytest.mark.parametrize("logged_in", [True, False])
def test_a_page_sent_with_an_old_token_says_what_to_do(logged_in: bool):
    client = Client(enforce_csrf_checks=True)
    if logged_in:
        client.force_login(make_user())
    response = client.post(reverse("accounts:login"), {"username": "x"})
    assert response.status_code == 403
    assert "reload the page" in response.content.decode()
    assert "<style" not in response.content.decode()


@pytest.mark.parametrize("name", ["traces:dataset-detail", "annotations:review-next"])
def test_a_dataset_that_no_database_can_name_is_not_found(client: Client, name: str):
    client.force_login(make_user())
    path = reverse(name, args=[make_dataset("known").name])
    assert client.get(path.replace("known", "%00")).status_code == 404


def test_a_server_asked_by_another_name_says_where_to_add_it(client: Client):
    response = client.get("/login/", headers={"host": "lab-server:8000"})
    assert response.status_code == 400
    shown = response.content.decode()
    assert "accept the host name lab-server:8000" in shown
    assert "MISSTEP_HOSTS" in shown


def test_too_much_text_is_refused_with_the_limit(client: Client, settings: Any):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = client.post(reverse("accounts:login"), {"username": "x" * 200})
    assert response.status_code == 413
    assert "8 MB" in response.content.decode()


def test_a_program_is_told_in_json(client: Client, settings: Any):
    answer = client.get("/api/nowhere")
    assert (answer.status_code, answer.json()["detail"]) == (404, NOT_FOUND)
    answer = client.get("/api/datasets", headers={"host": "lab-server"})
    assert answer.status_code == 400
    assert "MISSTEP_HOSTS" in answer.json()["detail"]
    request = RequestFactory().get("/api/datasets")
    assert json.loads(server_error(request).content)["detail"].startswith("Server error")
    page = server_error(RequestFactory().get("/datasets/")).content.decode()
    assert "Server error" in page
