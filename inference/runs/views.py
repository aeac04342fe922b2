"""The pages of scoring runs."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.refusals import show_refusals, show_refusals_on
from accounts.rules import UserRequest, leads_only, users_only
from inference.models import ScoringRun
from inference.run_log import latest_events
from inference.runs.availability import unavailable_reason
from inference.runs.control import CONTROLS, available_controls
from inference.runs.forms import RunForm
from inference.runs.statistics import run_progress
from web.fragments import render_fragment

PAGE_SIZE = 100


@require_safe
@users_only
def run_list(request: UserRequest) -> HttpResponse:
    asked = {"dataset": request.GET.get("dataset"), "scorer": request.GET.get("scorer")}
    return _runs_page(request, RunForm(initial=asked, user=request.user))


@require_POST
@leads_only
def run_create(request: UserRequest) -> HttpResponse:
    """Start a run, or make the schedule that will."""
    form = RunForm(request.POST, user=request.user)
    if form.is_valid():
        with show_refusals_on(form):
            made = form.submit(request.user)
            if isinstance(made, ScoringRun):
                return redirect("inference:run-detail", made.pk)
            return redirect("inference:schedule-list")
    return _runs_page(request, form)


@require_safe
@users_only
def run_detail(request: UserRequest, pk: int) -> HttpResponse:
    runs = ScoringRun.objects.visible_to(request.user).select_related(
        "scorer__judge", "dataset", "created_by"
    )
    run = get_object_or_404(runs, pk=pk)
    state = run_progress(run)
    context = {
        "run": run,
        "progress": state,
        "unserved": unavailable_reason(run),
        "offers": available_controls(run, failed=state.shards_failed),
        "log": latest_events(run),
    }
    return render_fragment(request, "inference/runs/detail.html", "state", context)


@require_POST
@leads_only
@show_refusals("inference:run-detail", "pk")
def run_control(request: UserRequest, pk: int, verb: str) -> HttpResponse:
    """Pause, resume, cancel or retry; the next page says what that did, or why it was refused."""
    run = get_object_or_404(ScoringRun.objects.visible_to(request.user), pk=pk)
    messages.success(request, CONTROLS[verb](run, by=request.user))
    return redirect("inference:run-detail", run.pk)


def _runs_page(request: UserRequest, form: RunForm) -> HttpResponse:
    runs = (
        ScoringRun.objects.visible_to(request.user)
        .select_related("scorer", "dataset")
        .with_judged()
        .order_by("-pk")[:PAGE_SIZE]
    )
    return render(
        request,
        "inference/runs/list.html",
        {"form": form, "runs": runs},
        status=400 if form.is_bound else 200,
    )
