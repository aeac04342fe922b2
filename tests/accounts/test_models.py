import pytest
from django.db import IntegrityError, transaction

from accounts.models import ApiToken, User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "is_superuser", "is_lead"),
    [("annotator", False, False), ("lead", False, True), ("annotator", True, True)],
)
def test_leads_and_superusers_are_leads(role: str, is_superuser: bool, is_lead: bool) -> None:
    assert User(role=role, is_superuser=is_superuser).is_lead is is_lead


def test_the_database_refuses_an_unknown_role() -> None:
    with pytest.raises(IntegrityError, match="user_role_known"), transaction.atomic():
        make_user(role="owner")


def test_one_login_at_the_provider_belongs_to_one_user() -> None:
    User.objects.filter(pk=make_user().pk).update(sign_on_subject="1815")
    other = User.objects.filter(pk=make_user().pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        other.update(sign_on_subject="1815")


def test_a_token_is_shown_by_its_name() -> None:
    assert str(ApiToken(name="laptop")) == "laptop"
