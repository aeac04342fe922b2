from django.http import HttpResponse
from django.test import RequestFactory

from misstep.middleware.csp import POLICY, ContentSecurityPolicyMiddleware


def answer(response: HttpResponse) -> HttpResponse:
    return ContentSecurityPolicyMiddleware(lambda request: response)(RequestFactory().get("/"))


def test_every_answer_has_the_policy() -> None:
    policy = answer(HttpResponse("x")).headers["Content-Security-Policy"]
    assert policy == POLICY
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert "unsafe" not in policy and "http" not in policy


def test_a_view_may_set_a_policy_of_its_own() -> None:
    response = HttpResponse("x", headers={"Content-Security-Policy": "default-src 'self'"})
    assert answer(response).headers["Content-Security-Policy"] == "default-src 'self'"
