"""The page that describes the API."""

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.django_db
JSON = "application/json"


def bearer(text: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {text}"}


def test_the_page_describes_every_operation(client: Client):
    client.force_login(make_user())
    page = BeautifulSoup(client.get(reverse("api-docs")).content, "html.parser")
    shown = {code.text for code in page.select("th code")}
    paths = client.get(reverse("api:openapi-json")).json()["paths"]
    every = {f"{m.upper()} {path}" for path, methods in paths.items() for m in methods}
    assert shown == every
    assert "POST /api/runs/{pk}/{verb}" in shown
