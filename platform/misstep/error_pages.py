"""What is shown where a page cannot be: one that says why, or a sentence to a program."""

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views import defaults

from misstep.api.errors import NOT_FOUND

UNREADABLE = "The request couldn't be read."
TOO_BIG = "The request is too large: at most 8 MB apart from files."
BROKEN = "Server error. The server's log has the details. Nothing that was saved is lost."


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A name of the server that it does not know, a request without an end, and the like."""
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
