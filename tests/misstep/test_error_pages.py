"""The pages of refusals: for people with a login, and for strangers."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_dataset, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("logged_in", [True, False])
def test_an_unknown_address_has_a_page(client: Client, logged_in: bool):
    if logged_in:
        client.force_login(make_user())
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


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
