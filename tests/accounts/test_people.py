import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.people import PersonRefused, change_person
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_closed_login_is_refused_and_its_session_ends(client: Client):
    person = make_user()
    client.force_login(person)
    make_user(role="lead")
    change_person(person, role="annotator", is_active=False)
    assert client.get(reverse("traces:dataset-list")).status_code == 302


@pytest.mark.parametrize(("role", "is_active"), [("annotator", True), ("lead", False)])
def test_the_only_lead_stays_one(role: str, is_active: bool):
    lead = make_user(role="lead")
    with pytest.raises(PersonRefused, match="only lead"):
        change_person(lead, role=role, is_active=is_active)
    assert User.objects.get(pk=lead.pk).is_active
