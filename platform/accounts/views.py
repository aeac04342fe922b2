from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.forms import NewPersonForm, PersonForm
from accounts.login_links import login_path, user_of
from accounts.models import User
from accounts.people import add_person, change_person, forget_sign_on
from accounts.refusals import show_refusals_on
from accounts.rules import UserRequest, leads_only, users_only


@login_not_required
@never_cache
@require_GET
def login_link(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    user = user_of(uid, token)
    if user is None:
        messages.error(
            request, "This sign-in link has expired or was already used. Ask a lead for a new one."
        )
        return redirect("accounts:login")
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
@users_only
def password(request: UserRequest) -> HttpResponse:
    """Set a password, or change the present one."""
    form_class = PasswordChangeForm if request.user.has_usable_password() else SetPasswordForm
    form = form_class(request.user, request.POST or None)
    if form.is_valid():
        update_session_auth_hash(request, form.save())
        messages.success(request, "Password set.")
        return redirect("home")
    return render(request, "accounts/password.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@leads_only
def person_list(request: UserRequest) -> HttpResponse:
    """List everyone with a login, with a form to add a person."""
    form = NewPersonForm(request.POST or None)
    if form.is_valid():
        person = add_person(form.cleaned_data["username"], role=form.cleaned_data["role"])
        return redirect("accounts:person-detail", person.pk)
    people = User.objects.order_by("username")
    return render(request, "accounts/person_list.html", {"form": form, "people": people})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@leads_only
def person_detail(request: UserRequest, pk: int) -> HttpResponse:
    """Show and change a person's role and login."""
    person = get_object_or_404(User, pk=pk)
    form = PersonForm(
        request.POST or None, initial={"role": person.role, "is_active": person.is_active}
    )
    if form.is_valid():
        with show_refusals_on(form):
            change_person(person, **form.cleaned_data)
            messages.success(request, f"Changes to {person.username} saved.")
            return redirect("accounts:person-list")
    return render(request, "accounts/person_detail.html", {"form": form, "person": person})


@never_cache
@require_POST
@leads_only
def person_link(request: UserRequest, pk: int) -> HttpResponse:
    """Show a one-time login link to hand to a person."""
    person = get_object_or_404(User, pk=pk, is_active=True)
    link = request.build_absolute_uri(login_path(person))
    return render(request, "accounts/person_link.html", {"person": person, "link": link})


@require_POST
@leads_only
def person_forget_sign_on(request: UserRequest, pk: int) -> HttpResponse:
    """Unlink a person from their login at the provider."""
    person = get_object_or_404(User, pk=pk)
    forget_sign_on(person)
    messages.success(request, f"SSO unlinked for {person.username}.")
    return redirect("accounts:person-detail", person.pk)
