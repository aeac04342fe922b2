"""Logging in at an identity provider that speaks OpenID Connect.

Authlib speaks the protocol: discovery, state, nonce, PKCE, the token's signature, issuer and
audience. Here is decided whose login it becomes. The provider's own name for a person (`sub`) never
changes hands, an address of theirs may: so an address that the provider has verified counts once,
for the person who has it as their name here, and from then on `sub` alone.

The addresses of the provider are the operator's setting, never a user's word.
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
    """The provider vouches for someone who has no login here, with a sentence saying why."""


@cache
def provider(server: str, client: str, secret: str) -> "DjangoOAuth2App":
    """The site's provider. Its addresses and keys are fetched on first use and kept."""
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
    """What the provider says of the person who comes back from it, checked.

    A token need not hold the address: where it does not, the provider is asked, and must answer
    for the same person.
    """
    token = site.authorize_access_token(request)
    claims = dict(token["userinfo"])
    if "email" not in claims:
        more = site.userinfo(token=token)
        if more["sub"] != claims["sub"]:
            raise ValueError("the provider's answer and its token name different people")
        claims = dict(more) | claims
    return claims


def person_of(claims: dict[str, Any]) -> User:
    """Who logs in, by the claims of a token that was checked.

    Raises:
        SignOnRefused: nobody here, or nobody who may log in.
    """
    subject = str(claims["sub"])
    person = User.objects.filter(sign_on_subject=subject).first() or _at_first(subject, claims)
    if not person.is_active:
        raise SignOnRefused(f"The account of {person.username} is deactivated. Ask a lead.")
    return person


@transaction.atomic
def _at_first(subject: str, claims: dict[str, Any]) -> User:
    """The person whose name is the verified address, or one made of it: theirs from now on."""
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
