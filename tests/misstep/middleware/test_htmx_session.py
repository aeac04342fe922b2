from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpResponse, HttpResponseRedirect
from django.test import Client, RequestFactory
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from misstep.middleware.htmx_session import ExpiredSessionMiddleware

HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/runs/3/?page=2"}


def passed(response: HttpResponse, headers: dict[str, str]) -> HttpResponse:
    request = RequestFactory().get("/runs/3/", headers=headers)
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    return ExpiredSessionMiddleware(lambda request: response)(request)


def test_the_whole_page_goes_to_the_login_and_back() -> None:
    answer = passed(HttpResponseRedirect(reverse("accounts:login") + "?next=/runs/3/"), HTMX)
    target = urlsplit(answer.headers["HX-Redirect"])
    assert (answer.status_code, target.path) == (200, reverse("accounts:login"))
    assert parse_qs(target.query) == {"next": ["/runs/3/?page=2"]}


def test_other_redirects_of_htmx_stay() -> None:
    answer = passed(HttpResponseRedirect("/datasets/"), HTMX)
    assert (answer.status_code, answer["Location"]) == (302, "/datasets/")


def test_a_browser_is_redirected_as_usual() -> None:
    answer = passed(HttpResponseRedirect(reverse("accounts:login")), {})
    assert (answer.status_code, "HX-Redirect" in answer.headers) == (302, False)


@pytest.mark.django_db
def test_an_expired_session_in_a_page_that_polls(client: Client) -> None:
    answer = client.get(reverse("inference:run-list"), headers=HTMX)
    assert answer.headers["HX-Redirect"].startswith(reverse("accounts:login"))
