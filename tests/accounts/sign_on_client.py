"""A browser that logs in at the test's identity provider."""

import httpx
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User

ADA = {"sub": "1815", "email": "Ada@example.org", "email_verified": True}


def way_back(client: Client, query: str = "") -> str:
    """Return the address that the provider sends the browser back to."""
    to_provider = client.get(reverse("accounts:sign-on") + query)
    return httpx.get(to_provider.url).headers["Location"]


def sign_on(client: Client, query: str = "") -> HttpResponse:
    return client.get(way_back(client, query))


def user_of(client: Client) -> str | None:
    key = client.session.get("_auth_user_id")
    return User.objects.get(pk=key).username if key else None


def messages_of(response: HttpResponse) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))
