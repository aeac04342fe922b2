from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import show_refusals, show_refusals_on
from accounts.rules import UserRequest, leads_only
from exports.models import Export
from jobs.transitions import cancel
from metrics.charts.export import FILES, chart_file
from training.forms import ScorerNameForm, TrainingForm
from training.metrics_chart import loss_chart
from training.models import TrainingRun
from training.runs import resume_run, start_run
from training.scorer_registration import register_scorer, suggested_name
from training.sparkline import loss_sparkline
from web.fragments import render_fragment

PAGE_SIZE = 100


@require_safe
@leads_only
def run_list(request: UserRequest) -> HttpResponse:
    runs = TrainingRun.objects.visible_to(request.user).select_related("export__dataset", "scorer")
    newest = runs.defer("metrics", "log").order_by("-pk")
    page = Paginator(newest, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "training/list.html", {"runs": page})


@require_http_methods(["GET", "HEAD", "POST"])
@leads_only
def run_create(request: UserRequest, pk: int) -> HttpResponse:
    """Show the form for a run on one export, and start the run."""
    export = get_object_or_404(Export.objects.select_related("dataset"), pk=pk)
    form = TrainingForm(request.POST or None, export=export)
    if form.is_valid():
        with show_refusals_on(form):
            run = start_run(
                export,
                job=form.cleaned_data["job"],
                values=form.values(),
                created_by=request.user,
            )
            return redirect("training:run-detail", run.pk)
    status = 400 if form.is_bound else 200
    context = {"form": form, "export": export}
    return render(request, "training/create.html", context, status=status)


@require_safe
@leads_only
def run_detail(request: UserRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    context = {
        "run": run,
        "chart": loss_chart(run),
        "drawing": loss_sparkline(run.metrics),
        "chart_suffixes": list(FILES),
        "settings": {k: v for k, v in run.parameters.items() if k not in ("base", "revision")},
        "form": ScorerNameForm(initial={"name": suggested_name(run)}),
    }
    return render_fragment(request, "training/detail.html", "state", context)


@require_safe
@leads_only
def run_chart(request: UserRequest, pk: int, suffix: str) -> HttpResponse:
    return chart_file(loss_chart(_run(request, pk)), suffix)


@require_POST
@leads_only
@show_refusals("training:run-detail", "pk")
def run_cancel(request: UserRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    cancel(run)
    return redirect("training:run-detail", run.pk)


@require_POST
@leads_only
@show_refusals("training:run-detail", "pk")
def run_resume(request: UserRequest, pk: int) -> HttpResponse:
    run = _run(request, pk)
    resume_run(run)
    return redirect("training:run-detail", run.pk)


@require_POST
@leads_only
@show_refusals("training:run-detail", "pk")
def run_register(request: UserRequest, pk: int) -> HttpResponse:
    """Register the trained model as a scorer and show the form for a scoring run."""
    run = _run(request, pk)
    form = ScorerNameForm(request.POST)
    name = form.cleaned_data["name"] if form.is_valid() else suggested_name(run)
    scorer = register_scorer(run, name=name)
    messages.success(request, f"{scorer.name} is ready to score traces.")
    address = reverse("inference:run-list", query={"scorer": scorer.name})
    return redirect(address)


def _run(request: UserRequest, pk: int) -> TrainingRun:
    runs = TrainingRun.objects.visible_to(request.user)
    runs = runs.select_related("export__dataset", "scorer", "created_by")
    return get_object_or_404(runs, pk=pk)
