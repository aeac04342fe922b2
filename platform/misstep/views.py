from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.rules import UserRequest, users_only
from jobs.queueing import is_broker_up
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
def health(request: HttpRequest) -> JsonResponse:
    """Say which services answer, with status 503 when one of them does not."""
    services = {"database": _database_answers(), "broker": is_broker_up()}
    words = {name: "ok" if answers else "away" for name, answers in services.items()}
    return JsonResponse(words, status=200 if all(services.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
