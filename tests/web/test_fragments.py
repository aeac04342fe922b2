from typing import Any

import pytest
from django.template import engines
from django.test import RequestFactory

from web.fragments import render_fragment

PAGE = (
    "{% load partials %}<h1>All</h1>"
    "{% partialdef state inline %}<p>{{ word }}</p>{% endpartialdef %}"
)


@pytest.fixture
def template(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "shown.html").write_text(PAGE)
    engine = engines["django"].engine
    monkeypatch.setattr(engine, "dirs", [tmp_path, *engine.dirs])
    for loader in engine.template_loaders:
        loader.reset()
    return "shown.html"


def asked(*, by_htmx: bool) -> Any:
    request = RequestFactory().get("/")
    request.htmx = by_htmx
    return request


def test_a_browser_gets_the_page(template: str) -> None:
    answer = render_fragment(asked(by_htmx=False), template, "state", {"word": "ready"})
    assert (answer.status_code, answer.content) == (200, b"<h1>All</h1><p>ready</p>")


def test_htmx_gets_the_fragment(template: str) -> None:
    answer = render_fragment(asked(by_htmx=True), template, "state", {"word": "ready"}, status=400)
    assert (answer.status_code, answer.content) == (400, b"<p>ready</p>")


def test_a_request_past_no_middleware_gets_the_page(template: str) -> None:
    answer = render_fragment(RequestFactory().get("/"), template, "state", {"word": "ready"})
    assert answer.content.startswith(b"<h1>")
