"""Who may do what. A view names its rule; a stranger to it gets 403, to the site the login page."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from accounts.models import User

P = ParamSpec("P")


class UserRequest(HttpRequest):
    """A request past the login: its user is one of ours."""

    user: User


View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
UserView = Callable[Concatenate[UserRequest, P], HttpResponseBase]


def leads_only(view: UserView[P]) -> View[P]:
    """Importing, scoring, exporting and the like are for leads."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user_request = cast(UserRequest, request)
        if not user_request.user.is_lead:
            raise PermissionDenied("Only leads can open this page. Ask a lead to change your role.")
        return view(user_request, *args, **kwargs)

    return guarded


def users_only(view: UserView[P]) -> View[P]:
    """Any person with a login. The login itself is asked for by the middleware."""

    @wraps(view)
    def typed(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(cast(UserRequest, request), *args, **kwargs)

    return typed
