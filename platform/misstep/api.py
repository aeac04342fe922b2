"""The API at /api/: every package's router in one place, and the page that describes them.

A package adds itself by a router in its `api.py` and a line in ROUTERS. Who may call what is in
`accounts.api_login`.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Router

from accounts.api_login import USERS
from exports.api import router as exporting
from exports.rules import RuleError
from inference.api import router as scoring
from inference.errors import ScoringRefused
from metrics.api import router as figures
from misstep.api_description import groups
from traces.api import router as traces

ROUTERS: tuple[Router, ...] = (traces, scoring, figures, exporting)

# Its own page of documentation loads scripts from another host, so there is one of ours.
api = NinjaAPI(
    title="Misstep",
    version="1",
    urls_namespace="api",
    auth=USERS,
    docs_url=None,
    description="Steps are counted from 0. Times are ISO 8601.",
)
for router in ROUTERS:
    api.add_router("", router)


@api.exception_handler(PermissionDenied)
def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return api.create_response(request, {"detail": str(error) or "Forbidden"}, status=403)


@api.exception_handler(RuleError)
@api.exception_handler(ScoringRefused)
def refused(request: HttpRequest, error: RuleError | ScoringRefused) -> HttpResponse:
    return api.create_response(request, {"detail": str(error)}, status=409)


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """What may be asked, and how."""
    return render(request, "api_docs.html", {"groups": groups(api.get_openapi_schema())})


def urls() -> Any:
    """The API asks for a token or a session by itself, and answers 401 rather than a login page."""
    patterns, app_name, namespace = api.urls
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            pattern.callback = login_not_required(pattern.callback)
    return patterns, app_name, namespace
