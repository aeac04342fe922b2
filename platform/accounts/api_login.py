"""The login of an API request: a bearer token, or a browser's session with its CSRF token.

A router's operations are for everyone with a login; one for leads says `auth=LEADS`.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from accounts.models import User
from accounts.tokens import user_of_token


class BearerToken(HttpBearer):
    """A personal token, made on the page API tokens."""

    def __init__(self, *, leads: bool) -> None:
        self.leads = leads
        super().__init__()

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        user = user_of_token(token)
        if user is not None:
            request.user = user
            _check(user, leads=self.leads)
        return user


class BrowserSession(SessionAuth):
    """The session of the pages; a write also needs the header X-CSRFToken."""

    def __init__(self, *, leads: bool) -> None:
        self.leads = leads
        super().__init__()

    def __call__(self, request: HttpRequest) -> Any:
        # Before its CSRF token is looked at, so that a stranger is told to log in.
        return super().__call__(request) if request.user.is_authenticated else None

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        user: User | None = super().authenticate(request, key)
        if user is not None:
            _check(user, leads=self.leads)
        return user


USERS = [BearerToken(leads=False), BrowserSession(leads=False)]
LEADS = [BearerToken(leads=True), BrowserSession(leads=True)]


def _check(user: User, *, leads: bool) -> None:
    if leads and not user.is_lead:
        raise PermissionDenied("Only leads can do this. Ask a lead to change your role.")
