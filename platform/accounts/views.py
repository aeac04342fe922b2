from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.login_links import user_of


@login_not_required
@never_cache
@require_GET
def login_link(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    user = user_of(uid, token)
    if user is None:
        messages.error(request, "This login link was used already or is too old.")
        return redirect("accounts:login")
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("home")
