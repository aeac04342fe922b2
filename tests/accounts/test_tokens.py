"""API tokens: one's own, shown once, revocable, hashed."""

from datetime import timedelta

import pytest
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
