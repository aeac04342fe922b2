import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_person_added_by_a_lead_comes_in_by_a_link_and_sets_a_password(client: Client):
    client.force_login(make_user(role="lead"))
    page = client.post(reverse("accounts:person-list"), {"username": "ada", "role": "annotator"})
    ada = User.objects.get(username="ada")
    assert page.url == reverse("accounts:person-detail", args=[ada.pk])
    answer = client.post(reverse("accounts:person-link", args=[ada.pk]))
    link = BeautifulSoup(answer.content, "html.parser").select_one("pre").text

    theirs = Client()
    assert theirs.get(link).url == reverse("home")
    words = {"new_password1": "seven quiet otters", "new_password2": "seven quiet otters"}
    theirs.post(reverse("accounts:password"), words)
    words = {"username": "ada", "password": "seven quiet otters"}
    assert Client().post(reverse("accounts:login"), words).status_code == 302


def test_a_name_that_is_taken_is_said(client: Client):
    client.force_login(make_user("lead", role="lead"))
    page = client.post(reverse("accounts:person-list"), {"username": "lead", "role": "lead"})
    assert "already exists" in page.content.decode()
