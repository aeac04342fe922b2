"""Logging in at a provider, through the pages, against a provider that checks what it is sent."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from joserfc.jwk import RSAKey

from accounts.models import User
from tests.accounts.identity_provider import CLIENT, SECRET, IdentityProvider, running
from tests.factories import make_user

pytestmark = pytest.mark.django_db

ADA = {"sub": "1815", "email": "Ada@example.org", "email_verified": True}


@pytest.fixture
def provider(settings: Any) -> Iterator[IdentityProvider]:
    with running() as server:
        server.claims = dict(ADA)
        settings.OIDC_SERVER = server.address
        settings.OIDC_CLIENT, settings.OIDC_SECRET = CLIENT, SECRET
        settings.OIDC_NAME = "Example"
        settings.OIDC_DOMAINS = []
        settings.ALLOWED_HOSTS = ["testserver"]
        yield server


def way_back(client: Client, query: str = "") -> str:
    """Return the address that the provider sends the browser back to."""
    to_provider = client.get(reverse("accounts:sign-on") + query)
    return httpx.get(to_provider.url).headers["Location"]


def sign_on(client: Client, query: str = "") -> HttpResponse:
    return client.get(way_back(client, query))


def user_of(client: Client) -> str | None:
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key).username if key else None


def said(response: HttpResponse) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def test_a_person_called_by_their_address_logs_in_and_stays_the_same_one(
    client: Client, provider: IdentityProvider
):
    make_user("ada@example.org", role="lead")
    assert sign_on(client).url == reverse("home")
    assert user_of(client) == "ada@example.org"
    # The name here and the address there may change; the provider's own name for her does not.
    User.objects.update(username="ada")
    provider.claims["email"] = "lovelace@example.org"
    again = Client()
    sign_on(again)
    assert user_of(again) == "ada"


def test_an_address_that_changed_hands_opens_nothing_until_a_lead_parts_them(
    client: Client, provider: IdentityProvider
):
    ada = make_user("ada@example.org")
    sign_on(client)
    provider.claims["sub"] = "another person"
    other = Client()
    assert "another account at your identity provider" in said(sign_on(other))
    assert user_of(other) is None

    lead = Client()
    lead.force_login(make_user("lead", role="lead"))
    page = lead.get(reverse("accounts:person-detail", args=[ada.pk])).content.decode()
    assert "Single sign-on" in page
    lead.post(reverse("accounts:person-forget-sign-on", args=[ada.pk]))
    sign_on(other)
    assert user_of(other) == "ada@example.org"


def test_a_stranger_is_told_to_ask_a_lead(client: Client, provider: IdentityProvider):
    response = sign_on(client)
    assert response.url == reverse("accounts:login")
    assert "There is no account Ada@example.org" in said(response)
    assert not User.objects.exists()


def test_an_address_of_the_sites_domains_becomes_an_annotator(
    client: Client, provider: IdentityProvider, settings: Any
):
    settings.OIDC_DOMAINS = ["example.org"]
    sign_on(client)
    person = User.objects.get()
    assert (person.username, person.role) == ("ada@example.org", "annotator")
    assert not person.has_usable_password()
    assert user_of(client) == "ada@example.org"


@pytest.mark.parametrize("domain", ["ple.org", "example.org.evil.net", "sub.example.org"])
def test_a_domain_is_a_whole_one(
    client: Client, provider: IdentityProvider, settings: Any, domain: str
):
    settings.OIDC_DOMAINS = [domain]
    sign_on(client)
    assert not User.objects.exists()


@pytest.mark.parametrize("verified", [False, None, "false", 1])
def test_an_address_that_nobody_verified_counts_for_nothing(
    client: Client, provider: IdentityProvider, verified: object
):
    make_user("ada@example.org", role="lead")
    provider.claims["email_verified"] = verified
    assert "no verified e-mail address" in said(sign_on(client))
    assert user_of(client) is None


def test_an_address_that_only_userinfo_gives_is_asked_for_there(
    client: Client, provider: IdentityProvider
):
    make_user("ada@example.org")
    provider.claims, provider.in_userinfo = {"sub": ADA["sub"]}, dict(ADA)
    sign_on(client)
    assert user_of(client) == "ada@example.org"


def test_what_userinfo_says_of_another_person_is_refused(
    client: Client, provider: IdentityProvider
):
    make_user("ada@example.org")
    provider.claims, provider.in_userinfo = {"sub": "another person"}, dict(ADA)
    assert "failed. Try again" in said(sign_on(client))
    assert user_of(client) is None


def test_a_closed_login_stays_closed(client: Client, provider: IdentityProvider):
    person = make_user("ada@example.org")
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert "is deactivated" in said(sign_on(client))
    assert user_of(client) is None


@pytest.mark.parametrize(
    "lie",
    [{"aud": "another site"}, {"iss": "http://127.0.0.1:1"}, {"exp": 1}, {"nonce": "stale"}],
    ids=lambda lie: next(iter(lie)),
)
def test_a_token_that_is_not_for_this_login_is_refused(
    client: Client, provider: IdentityProvider, lie: dict[str, object]
):
    make_user("ada@example.org")
    provider.lies = lie
    assert "Signing in with Example failed" in said(sign_on(client))
    assert user_of(client) is None


def test_a_token_signed_by_somebody_else_is_refused(client: Client, provider: IdentityProvider):
    make_user("ada@example.org")
    provider.signing_key = RSAKey.generate_key(2048, {"kid": "one"})
    assert "failed. Try again" in said(sign_on(client))
    assert user_of(client) is None


def test_a_way_back_works_once_and_in_the_browser_that_began(
    client: Client, provider: IdentityProvider
):
    make_user("ada@example.org")
    address = way_back(client)
    another = Client()
    assert "failed. Try again" in said(another.get(address))
    assert user_of(another) is None
    client.get(address)
    assert user_of(client) == "ada@example.org"
    client.logout()
    assert "failed. Try again" in said(client.get(address))
    assert user_of(client) is None


def test_a_person_who_says_no_at_the_provider_is_back_at_the_login(
    client: Client, provider: IdentityProvider
):
    response = client.get(reverse("accounts:sign-on-return"), {"error": "access_denied"})
    assert response.url == reverse("accounts:login")
    assert "failed. Try again" in said(response)


def test_a_provider_that_is_down_is_said(client: Client, settings: Any):
    settings.OIDC_SERVER, settings.OIDC_CLIENT = "http://127.0.0.1:1", CLIENT
    assert "failed. Try again" in said(client.get(reverse("accounts:sign-on")))


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
