"""Error answers: a page for people, a JSON object with a sentence for programs."""

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views import defaults

from misstep.api.errors import NOT_FOUND

UNREADABLE = "The request couldn't be read."
TOO_BIG = "The request is too large: at most 8 MB apart from files."
BROKEN = "Server error. The server's log has the details. Nothing that was saved is lost."


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an unknown host name, too large a body or a malformed request."""
    sentence, status = UNREADABLE, 400
    if isinstance(exception, DisallowedHost):
        name = request.META.get("HTTP_HOST", "")
        sentence = (
            f"This server doesn't accept the host name {name}. Its administrator has to add "
            "it to MISSTEP_HOSTS."
        )
    elif isinstance(exception, RequestDataTooBig):
        sentence, status = TOO_BIG, 413
    if is_from_program(request):
        return JsonResponse({"detail": sentence}, status=status)
    return render(request, "400.html", {"sentence": sentence}, status=status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_from_program(request):
        return JsonResponse({"detail": NOT_FOUND}, status=404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    if is_from_program(request):
        return JsonResponse({"detail": BROKEN}, status=500)
    return defaults.server_error(request)


def is_from_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")
