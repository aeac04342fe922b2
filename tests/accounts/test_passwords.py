"""Guessing a password is braked, and nobody else pays for it."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.login_links import login_path
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def attempt(username: str, password: str) -> tuple[int, str]:
    given = {"username": username, "password": password}
    answer = Client().post(reverse("accounts:login"), given)
    return answer.status_code, answer.content.decode()


def test_after_ten_wrong_passwords_the_right_one_must_wait() -> None:
    ada, bob = make_user("ada"), make_user("bob")
    for user in [ada, bob]:
        user.set_password("correct horse battery")
        user.save()
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert attempt("ada", "guess")[0] == 200
    assert attempt("ada", "guess")[0] == 429
    status, page = attempt("ada", "correct horse battery")
    assert status == 429
    assert "Too many wrong passwords" in page
    assert "Wait 15 minutes" in page
    assert attempt("bob", "correct horse battery")[0] == 302
    assert Client().get(login_path(ada)).status_code == 302


def test_a_right_password_forgets_the_wrong_ones() -> None:
    ada = make_user("ada")
    ada.set_password("correct horse battery")
    ada.save()
    for _ in range(2):
        for _ in range(settings.AXES_FAILURE_LIMIT - 1):
            assert attempt("ada", "guess")[0] == 200
        assert attempt("ada", "correct horse battery")[0] == 302
