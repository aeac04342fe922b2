"""The scorers' pages."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.refusals import show_refusals_on
from accounts.rules import UserRequest, leads_only, users_only
from inference.models import Derivation, Scorer
from inference.scorers.forms import CriticForm, ScorerForm, ThresholdForm, recipe_rows
from inference.scorers.raw_outputs import outputs_of
from inference.scorers.registry import get_or_create_scorer
from inference.scorers.rethreshold import (
    can_rethreshold,
    scorers_at_other_thresholds,
    verdict_count,
)
from jobs.models import JobRefused
from jobs.transitions import cancel
from traces.models import Trace, Verdict
from web.fragments import render_fragment


@require_http_methods(["GET", "HEAD", "POST"])
@leads_only
def critic_create(request: UserRequest) -> HttpResponse:
    form = CriticForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with show_refusals_on(form):
            scorer = form.submit()
            messages.success(request, f"{scorer.name} is ready to score traces.")
            return redirect("inference:scorer-detail", scorer.pk)
    status = 400 if form.is_bound else 200
    return render(request, "inference/scorers/critic_create.html", {"form": form}, status=status)


@require_safe
@users_only
def scorer_detail(request: UserRequest, pk: int) -> HttpResponse:
    scorer = get_object_or_404(Scorer, pk=pk)
    return _scorer_page(request, scorer, ThresholdForm(initial=_asked_threshold(request)))


@require_POST
@leads_only
def scorer_rethreshold(request: UserRequest, pk: int) -> HttpResponse:
    """Create the same recipe at another threshold, with its derived verdicts."""
    source = get_object_or_404(Scorer, pk=pk)
    form = ThresholdForm(request.POST)
    if form.is_valid():
        with show_refusals_on(form):
            scorer = form.submit(source, by=request.user)
            messages.success(
                request,
                f"{scorer.name} created. Its verdicts are derived from the scores "
                f"of {source.name}.",
            )
            return redirect("inference:scorer-detail", scorer.pk)
    return _scorer_page(request, source, form)


@require_POST
@leads_only
def derivation_cancel(request: UserRequest, pk: int) -> HttpResponse:
    """Cancel a derivation; the verdicts that it has written stay."""
    job = get_object_or_404(Derivation, pk=pk)
    try:
        cancel(job)
    except JobRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("inference:scorer-detail", job.scorer_id)


def _asked_threshold(request: UserRequest) -> dict[str, str]:
    """Return the threshold that another page found and passed in the URL."""
    return {"threshold": request.GET["threshold"]} if "threshold" in request.GET else {}


def _scorer_page(request: UserRequest, scorer: Scorer, form: ThresholdForm) -> HttpResponse:
    context = {
        "scorer": scorer,
        "parameters": recipe_rows(scorer),
        "verdicts": verdict_count(scorer),
        "others": [(other, verdict_count(other)) for other in scorers_at_other_thresholds(scorer)],
        "derivation": Derivation.objects.filter(scorer=scorer).order_by("-pk").first(),
        "form": form if can_rethreshold(scorer) else None,
    }
    status = 400 if form.is_bound else 200
    return render(request, "inference/scorers/detail.html", context, status=status)


@require_safe
@users_only
def verdict_outputs(request: UserRequest, pk: int) -> HttpResponse:
    verdicts = Verdict.objects.readable_by(request.user)
    verdicts = verdicts.filter(trace__in=Trace.objects.visible_to(request.user))
    verdict = get_object_or_404(verdicts.select_related("trace", "judge"), pk=pk)
    context = {"verdict": verdict, "outputs": outputs_of(verdict)}
    return render_fragment(request, "inference/scorers/raw_outputs.html", "outputs", context)


@require_safe
@users_only
def scorer_list(request: UserRequest) -> HttpResponse:
    return _scorers_page(request, ScorerForm())


@require_POST
@leads_only
def scorer_create(request: UserRequest) -> HttpResponse:
    form = ScorerForm(request.POST)
    if form.is_valid():
        with show_refusals_on(form):
            scorer = get_or_create_scorer(**form.cleaned_data)
            messages.success(request, f"{scorer.name} is ready to score traces.")
            return redirect("inference:scorer-list")
    return _scorers_page(request, form)


def _scorers_page(request: UserRequest, form: ScorerForm) -> HttpResponse:
    scorers = Scorer.objects.annotate(run_count=Count("runs")).order_by("name")
    return render(
        request,
        "inference/scorers/list.html",
        {"form": form, "scorers": scorers},
        status=400 if form.is_bound else 200,
    )
