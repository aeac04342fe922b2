import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.tokens import make_token, user_of_token
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_new_token_is_shown_once(client: Client):
    user = make_user()
    client.force_login(user)
    path = reverse("accounts:token-list")
    page = BeautifulSoup(client.post(path, {"name": "laptop"}).content, "html.parser")
    text = page.select_one(".notice code").text
    assert user_of_token(text) == user
    again = client.get(path).content.decode()
    assert "laptop" in again
    assert text not in again
    assert BeautifulSoup(client.post(path, {"name": ""}).content, "html.parser").select(
        ".errorlist"
    )


def test_only_its_person_revokes_a_token(client: Client):
    token, text = make_token(make_user(), "laptop")
    client.force_login(make_user(role="lead"))
    path = reverse("accounts:token-revoke", args=[token.pk])
    assert client.post(path).status_code == 404
    assert user_of_token(text) is not None
    client.force_login(token.user)
    assert client.get(path).status_code == 405
    assert client.post(path).url == reverse("accounts:token-list")
    assert user_of_token(text) is None
    assert "revoked" in client.get(reverse("accounts:token-list")).content.decode()
