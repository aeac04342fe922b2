"""Logging in at a provider, through the pages, against a provider that checks what it is sent."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from joserfc.jwk import RSAKey

from accounts.models import User
from tests.accounts.identity_provider import IdentityProvider
from tests.accounts.sign_on_client import ADA, messages_of, sign_on, user_of
from tests.factories import make_user

pytestmark = pytest.mark.django_db


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
    assert "another account at your identity provider" in messages_of(sign_on(other))
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
    assert "There is no account Ada@example.org" in messages_of(response)
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
    assert "no verified e-mail address" in messages_of(sign_on(client))
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
    assert "failed. Try again" in messages_of(sign_on(client))
    assert user_of(client) is None


def test_a_closed_login_stays_closed(client: Client, provider: IdentityProvider):
    person = make_user("ada@example.org")
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert "is deactivated" in messages_of(sign_on(client))
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
    assert "Signing in with Example failed" in messages_of(sign_on(client))
    assert user_of(client) is None


def test_a_token_signed_by_somebody_else_is_refused(client: Client, provider: IdentityProvider):
    make_user("ada@example.org")
    provider.signing_key = RSAKey.generate_key(2048, {"kid": "one"})
    assert "failed. Try again" in messages_of(sign_on(client))
    assert user_of(client) is None
