"""API tokens: one's own, shown once, revocable, hashed."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiToken
from accounts.tokens import make_token, revoke_token, user_of_token
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_token_opens_its_persons_door_until_it_is_revoked():
    user = make_user()
    token, text = make_token(user, "laptop")
    assert user_of_token(text) == user
    assert user_of_token(text + "x") is None
    revoke_token(token)
    assert user_of_token(text) is None


def test_a_person_who_may_not_log_in_has_no_token_either():
    user = make_user()
    _, text = make_token(user, "laptop")
    user.is_active = False
    user.save()
    assert user_of_token(text) is None


def test_the_database_does_not_hold_the_tokens_text():
    token, text = make_token(make_user(), "laptop")
    row = ApiToken.objects.values().get(pk=token.pk)
    assert text not in str(row)
    assert len(row["digest"]) == 64


def test_use_is_noted_once_a_minute():
    token, text = make_token(make_user(), "laptop")
    user_of_token(text)
    token.refresh_from_db()
    first = token.last_used_at
    assert first is not None
    user_of_token(text)
    token.refresh_from_db()
    assert token.last_used_at == first
    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(hours=1))
    user_of_token(text)
    token.refresh_from_db()
    assert token.last_used_at > first


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
