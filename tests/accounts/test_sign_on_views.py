from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.accounts.identity_provider import CLIENT, IdentityProvider
from tests.accounts.sign_on_client import messages_of, sign_on, user_of, way_back
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_way_back_works_once_and_in_the_browser_that_began(
    client: Client, provider: IdentityProvider
):
    make_user("ada@example.org")
    address = way_back(client)
    another = Client()
    assert "failed. Try again" in messages_of(another.get(address))
    assert user_of(another) is None
    client.get(address)
    assert user_of(client) == "ada@example.org"
    client.logout()
    assert "failed. Try again" in messages_of(client.get(address))
    assert user_of(client) is None


def test_a_person_who_says_no_at_the_provider_is_back_at_the_login(
    client: Client, provider: IdentityProvider
):
    response = client.get(reverse("accounts:sign-on-return"), {"error": "access_denied"})
    assert response.url == reverse("accounts:login")
    assert "failed. Try again" in messages_of(response)


def test_a_provider_that_is_down_is_messages_of(client: Client, settings: Any):
    settings.OIDC_SERVER, settings.OIDC_CLIENT = "http://127.0.0.1:1", CLIENT
    assert "failed. Try again" in messages_of(client.get(reverse("accounts:sign-on")))


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [("/people/", "/people/"), ("https://evil.example/", "/"), ("//evil.example/", "/")],
)
def test_the_page_that_was_asked_for_comes_after_the_login(
    client: Client, provider: IdentityProvider, wanted: str, shown: str
):
    make_user("ada@example.org", role="lead")
    assert sign_on(client, f"?next={wanted}").url == shown


def test_the_login_page_leads_there_with_the_page_that_was_asked_for(
    client: Client, provider: IdentityProvider
):
    page = client.get(reverse("accounts:login"), {"next": "/people/"}).content.decode()
    assert "Sign in with Example" in page
    assert f'href="{reverse("accounts:sign-on")}?next=/people/"' in page


def test_a_site_without_a_provider_offers_none(client: Client, settings: Any):
    settings.OIDC_SERVER = ""
    assert client.get(reverse("accounts:sign-on")).status_code == 404
    assert reverse("accounts:sign-on") not in client.get(reverse("accounts:login")).content.decode()
