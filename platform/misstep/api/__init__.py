"""The API at /api/: every package's router in one place, and the page that describes them.

A package adds itself by a router in its `api.py` and a line in ROUTERS. Who may call what is in
`accounts.api_login`.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Router

from accounts.api_login import USERS
from exports.api import router as exporting
from inference.api import router as scoring
from metrics.api import router as figures
from misstep.api.description import groups, shapes
from misstep.api.errors import add_refusals
from misstep.api.parsing import FitParser, known_names_only
from traces.api import router as traces

ROUTERS: tuple[Router, ...] = (traces, scoring, figures, exporting)

# Its own page of documentation loads scripts from another host, so there is one of ours.
api = NinjaAPI(
    title="Misstep",
    version="1",
    urls_namespace="api",
    auth=USERS,
    parser=FitParser(),
    docs_url=None,
    description="Steps are counted from 0. Times are ISO 8601.",
)
api.add_decorator(known_names_only)
for router in ROUTERS:
    api.add_router("", router)
add_refusals(api)


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Show the operations of the API and the objects that they return."""
    schema = api.get_openapi_schema()
    return render(request, "api_docs.html", {"groups": groups(schema), "shapes": shapes(schema)})


def urls() -> Any:
    """Return the API's URLs without the login redirect: the API answers 401 to a stranger."""
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = login_not_required(pattern.callback)
    return patterns, app_name, namespace
