"""Redirect the whole page to the login when the session of an htmx request has expired."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect


class ExpiredSessionMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        login = resolve_url(settings.LOGIN_URL)
        asked_by_htmx = getattr(request, "htmx", None)
        if not (asked_by_htmx and isinstance(response, HttpResponseRedirect)):
            return response
        if urlsplit(response.url).path != login:
            return response
        page = asked_by_htmx.current_url_abs_path or "/"
        return HttpResponseClientRedirect(f"{login}?{urlencode({'next': page})}")
