from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import resolve, reverse
from django.utils import timezone

from accounts import login_links
from accounts.login_links import login_path, user_of
from accounts.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def parts_of(path: str) -> dict[str, str]:
    return resolve(path).kwargs


def test_a_link_names_its_user_until_it_is_used(client: Client) -> None:
    user = make_user()
    path = login_path(user)
    assert user_of(**parts_of(path)) == user
    assert client.get(path).url == reverse("home")
    assert user_of(**parts_of(path)) is None


def test_a_new_password_ends_a_link() -> None:
    user = make_user()
    path = login_path(user)
    user.set_password("another long word")
    user.save()
    assert user_of(**parts_of(path)) is None


def test_a_link_ends_with_its_time(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    path = login_path(make_user())
    later = timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT + 60)
    monkeypatch.setattr(login_links._tokens, "_now", lambda: later.replace(tzinfo=None))
    assert user_of(**parts_of(path)) is None


def test_a_closed_login_has_no_link() -> None:
    user = make_user()
    path = login_path(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert user_of(**parts_of(path)) is None


@pytest.mark.parametrize("uid", ["", "!", "MQ", "OTk5OTk5", "8J-YgA", "x" * 5_000])
def test_a_made_up_link_names_nobody(uid: str) -> None:
    assert user_of(uid, "made-up") is None


def test_a_link_of_one_user_does_not_log_another_in() -> None:
    token = parts_of(login_path(make_user()))["token"]
    other = parts_of(login_path(make_user()))["uid"]
    assert user_of(other, token) is None
