from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.rules import UserRequest, users_only
from misstep.home import first_steps, open_queues, waiting_decisions


@require_safe
@users_only
def home(request: UserRequest) -> HttpResponse:
    """Show what needs the user's attention, and a new site's first steps."""
    user = request.user
    context = {
        "queues": open_queues(user),
        "steps": first_steps(user) if user.is_lead else None,
        "waiting": waiting_decisions(user) if user.is_lead else [],
    }
    return render(request, "home.html", context)


@login_not_required
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Answer load balancers and compose: 200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"database": "ok"})
