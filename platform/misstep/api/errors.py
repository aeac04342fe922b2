"""Error answers of the API: a status, and a sentence in `detail`."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from accounts.errors import Refused
from misstep.api.parsing import UnfitValue

# What the framework says in two words, in a sentence that says what to do.
SENTENCES = {
    "Unauthorized": "Send an API token in the header Authorization: Bearer, or sign in.",
    "CSRF check Failed": (
        "Requests from a session that change data need its CSRF token in the header X-CSRFToken."
    ),
    "Cannot parse request body": "The body isn't valid JSON.",
}
NOT_FOUND = (
    "Not found. The address may be wrong, the item may have been deleted, or you "
    "may not have access."
)


def add_refusals(api: NinjaAPI) -> None:
    """Make `api` answer the exceptions that its operations raise."""

    def says(status: int, sentence: str, request: HttpRequest) -> HttpResponse:
        return api.create_response(request, {"detail": sentence}, status=status)

    @api.exception_handler(HttpError)
    def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
        if isinstance(error.__cause__, UnfitValue):
            return says(422, str(error.__cause__), request)
        return says(error.status_code, SENTENCES.get(str(error), str(error)), request)

    @api.exception_handler(PermissionDenied)
    def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return says(403, str(error) or "Your account doesn't have permission to do this.", request)

    @api.exception_handler(Http404)
    def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
        return says(404, _missing(error), request)

    @api.exception_handler(Refused)
    def conflict(request: HttpRequest, error: Refused) -> HttpResponse:
        return says(409, str(error), request)

    @api.exception_handler(ValidationError)
    def unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return says(422, " ".join(map(_wrong_field, error.errors)), request)


def _missing(error: Http404) -> str:
    """Return a sentence that names the missing object if Django's message does."""
    found = re.match(r"No (\w+) matches", str(error))
    if found is None:
        return NOT_FOUND
    thing = re.sub(r"(?<!^)([A-Z])", r" \1", found[1]).lower()
    return f"No such {thing}, or you don't have access to it."


def _wrong_field(error: Mapping[str, Any]) -> str:
    """Return one of pydantic's errors as a sentence.

    In a body the first part of the place names the whole body, not a field.
    """
    place, *path = error["loc"]
    name = ".".join(map(str, path[1:] if place == "body" else path))
    if error["type"] == "missing":
        return f"{name or 'Everything'} is missing in the {place}."
    if error["type"] == "extra_forbidden":
        return f"Unknown field {name}. /api/docs lists all fields."
    message = str(error["msg"])
    return f"{name or 'All of it'} in the {place}: {message[:1].lower()}{message[1:]}."
