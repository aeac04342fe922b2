"""Logging in at an identity provider that speaks OpenID Connect.

Authlib speaks the protocol: discovery, state, nonce, PKCE, the token's signature, issuer and
audience. This module decides which user logs in. The provider's own name for a person (`sub`) never
changes hands, but an e-mail address may. So a verified address counts once, for the user of that
name, and from then on `sub` alone.

The addresses of the provider come from the operator's settings, never from a user.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest

from accounts.errors import Refused
from accounts.models import User
from accounts.people import add_person

if TYPE_CHECKING:
    from authlib.integrations.django_client import DjangoOAuth2App

TIMEOUT_SECONDS = 10


class SignOnRefused(Refused):
    """The provider names someone who has no login here."""


@cache
def provider(server: str, client: str, secret: str) -> "DjangoOAuth2App":
    """Return a client of the site's provider, which fetches its addresses and keys on first use."""
    # Loaded only where a site has a provider.
    from authlib.integrations.django_client import OAuth

    return OAuth().register(
        "site",
        client_id=client,
        client_secret=secret,
        server_metadata_url=f"{server.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email",
            "code_challenge_method": "S256",
            "default_timeout": TIMEOUT_SECONDS,
        },
    )


def claims_of(site: "DjangoOAuth2App", request: HttpRequest) -> dict[str, Any]:
    """Return the checked claims of the person who comes back from the provider.

    A token need not hold the address. Without it the provider is asked, and must answer for the
    same person.
    """
    token = site.authorize_access_token(request)
    claims = dict(token["userinfo"])
    if "email" not in claims:
        userinfo = site.userinfo(token=token)
        if userinfo["sub"] != claims["sub"]:
            raise ValueError("the provider's answer and its token name different people")
        claims = dict(userinfo) | claims
    return claims


def person_of(claims: dict[str, Any]) -> User:
    """Return the user that the claims of a checked token name.

    Raises:
        SignOnRefused: the person has no login here, or a closed one.
    """
    subject = str(claims["sub"])
    person = User.objects.filter(sign_on_subject=subject).first() or _at_first(subject, claims)
    if not person.is_active:
        raise SignOnRefused(f"The account of {person.username} is deactivated. Ask a lead.")
    return person


@transaction.atomic
def _at_first(subject: str, claims: dict[str, Any]) -> User:
    """Link the provider's login to the user named by its verified address, or to a new user."""
    address = str(claims.get("email") or "")
    # Some providers write it as a word.
    if not address or str(claims.get("email_verified")).lower() != "true":
        raise SignOnRefused("Your identity provider sent no verified e-mail address.")
    person = User.objects.select_for_update().filter(username__iexact=address).first()
    if person is None:
        person = _new_person(address)
    if person.sign_on_subject:
        raise SignOnRefused(
            f"{address} is linked to another account at your identity provider. Ask a lead."
        )
    person.sign_on_subject = subject
    person.save(update_fields=["sign_on_subject"])
    return person


def _new_person(address: str) -> User:
    if address.rpartition("@")[2].lower() not in settings.OIDC_DOMAINS:
        raise SignOnRefused(f"There is no account {address}. Ask a lead to add it.")
    return add_person(address.lower(), role=User.Role.ANNOTATOR)
