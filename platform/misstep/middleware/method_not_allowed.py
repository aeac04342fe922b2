"""Answer a wrong method with a page, or with a sentence to a program."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render

from misstep.error_pages import is_from_program


class WrongMethodMiddleware:
    """Words for a 405, which Django leaves empty.

    People get there by a form's address in the address bar, or by logging in again after they sent
    one: the login leads back to where the form was sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        allowed = ", ".join(sorted(response["Allow"].split(", ")))  # a set has no order
        if is_from_program(request):
            sentence = f"This address accepts {allowed}, not {request.method}."
            response = JsonResponse({"detail": sentence}, status=405)
        elif request.method == "GET":
            response = render(request, "405.html", status=405)
        response["Allow"] = allowed
        return response
