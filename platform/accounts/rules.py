"""Permissions of views. Without the role the answer is 403, without a login the login page."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.models import User

P = ParamSpec("P")


class UserRequest(HttpRequest):
    """A request of a logged-in user."""

    user: User


View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
UserView = Callable[Concatenate[UserRequest, P], HttpResponseBase]


def leads_only(view: UserView[P]) -> View[P]:
    """Decorate a view that only leads may open: importing, scoring, exporting and the like."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user_request = cast(UserRequest, request)
        if not user_request.user.is_lead:
            raise PermissionDenied("Only leads can open this page. Ask a lead to change your role.")
        return view(user_request, *args, **kwargs)

    return guarded


def users_only(view: UserView[P]) -> View[P]:
    """Decorate a view for anyone with a login, which the middleware has asked for."""

    @wraps(view)
    def typed(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(cast(UserRequest, request), *args, **kwargs)

    return typed
