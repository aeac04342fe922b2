from django.contrib import messages
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.refusals import show_refusals
from accounts.rules import UserRequest, leads_only, users_only
from inference.models import Schedule
from inference.runs.schedules.scheduler import set_active

PAGE_SIZE = 200


@require_safe
@users_only
def schedule_list(request: UserRequest) -> HttpResponse:
    schedules = (
        Schedule.objects.visible_to(request.user)
        .select_related("scorer", "dataset", "created_by")
        .annotate(last_run=Max("runs"))
        .order_by("-is_active", "next_at", "pk")[:PAGE_SIZE]
    )
    return render(request, "inference/runs/schedules/list.html", {"schedules": schedules})


@require_POST
@leads_only
@show_refusals("inference:schedule-list")
def schedule_switch(request: UserRequest, pk: int, on: bool) -> HttpResponse:
    schedule = get_object_or_404(Schedule.objects.visible_to(request.user), pk=pk)
    messages.success(request, set_active(schedule, on=on))
    return redirect("inference:schedule-list")


@require_POST
@leads_only
def schedule_delete(request: UserRequest, pk: int) -> HttpResponse:
    schedule = get_object_or_404(Schedule.objects.visible_to(request.user), pk=pk)
    schedule.delete()
    messages.success(request, "Schedule deleted. Its runs stay.")
    return redirect("inference:schedule-list")
