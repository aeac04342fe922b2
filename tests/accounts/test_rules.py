from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.models import User
from accounts.rules import leads_only, users_only


def request_of(role: str) -> Any:
    request = RequestFactory().get("/")
    request.user = User(role=role)
    return request


@leads_only
def leads_page(request: Any, pk: int) -> HttpResponse:
    """Answer with the number."""
    return HttpResponse(str(pk))


def test_a_lead_opens_a_leads_page() -> None:
    assert leads_page(request_of("lead"), pk=3).content == b"3"


def test_an_annotator_is_told_to_ask_a_lead() -> None:
    with pytest.raises(PermissionDenied, match="role"):
        leads_page(request_of("annotator"), pk=3)


def test_everyone_with_a_login_opens_other_pages() -> None:
    @users_only
    def page(request: Any, name: str) -> HttpResponse:
        return HttpResponse(name)

    assert page(request_of("annotator"), "x").content == b"x"


def test_a_decorated_view_keeps_its_name() -> None:
    assert (leads_page.__name__, leads_page.__doc__) == ("leads_page", "Answer with the number.")
