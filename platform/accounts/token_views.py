from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import TokenForm
from accounts.rules import UserRequest, users_only
from accounts.tokens import make_token, revoke_token


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@users_only
def token_list(request: UserRequest) -> HttpResponse:
    """List the user's tokens; a new token's text is shown only in the answer to the form."""
    form = TokenForm(request.POST or None)
    text = ""
    if form.is_valid():
        _, text = make_token(request.user, form.cleaned_data["name"])
        form = TokenForm()
    tokens = request.user.api_tokens.order_by("revoked_at", "-pk")
    return render(
        request, "accounts/token_list.html", {"form": form, "text": text, "tokens": tokens}
    )


@require_POST
@users_only
def token_revoke(request: UserRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(request.user.api_tokens, pk=pk)
    revoke_token(token)
    messages.success(request, f"Token {token.name} revoked.")
    return redirect("accounts:token-list")
