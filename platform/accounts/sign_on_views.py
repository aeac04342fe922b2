import logging
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.errors import Refused
from accounts.single_sign_on import claims_of, person_of, provider

NEXT = "sign_on_next"

log = logging.getLogger(__name__)


class SiteLoginView(LoginView):
    """The login page: user name and password, and a link to the site's provider if it has one."""

    template_name = "accounts/login.html"

    def get_context_data(self, **given: Any) -> dict[str, Any]:
        return super().get_context_data(**given) | {
            "sign_on": settings.OIDC_SERVER and settings.OIDC_NAME
        }


def site_provider() -> Any:
    if not settings.OIDC_SERVER:
        raise Http404("This site has no single sign-on.")
    return provider(settings.OIDC_SERVER, settings.OIDC_CLIENT, settings.OIDC_SECRET)


@login_not_required
@never_cache
@require_GET
def sign_on(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider, to come back to `next`."""
    site = site_provider()
    back = request.build_absolute_uri(reverse("accounts:sign-on-return"))
    try:
        answer: HttpResponse = site.authorize_redirect(request, back)
    except Exception as problem:
        # A provider breaks in more ways than its library has errors for.
        return _failed(request, problem)
    request.session[NEXT] = request.GET.get("next", "")
    return answer


@login_not_required
@never_cache
@require_GET
def sign_on_return(request: HttpRequest) -> HttpResponse:
    """Log in the person that the provider names."""
    site = site_provider()
    try:
        claims = claims_of(site, request)
    except Exception as problem:
        # As above: refused, forged, stale, unreachable.
        return _failed(request, problem)
    try:
        person = person_of(claims)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("accounts:login")
    wanted = request.session.pop(NEXT, "")
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    here = {request.get_host()}
    if not url_has_allowed_host_and_scheme(wanted, here, require_https=request.is_secure()):
        wanted = resolve_url(settings.LOGIN_REDIRECT_URL)
    return redirect(wanted)


def _failed(request: HttpRequest, problem: Exception) -> HttpResponse:
    """Redirect to the login page with a message; the cause goes to the log, not to strangers."""
    log.warning("Single sign-on failed: %s: %s", type(problem).__name__, problem)
    messages.error(request, f"Signing in with {settings.OIDC_NAME} failed. Try again.")
    return redirect("accounts:login")
