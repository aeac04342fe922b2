"""The true-error-rate page."""

from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.rules import UserRequest, users_only
from metrics.error_rates.filters import RateFilter
from metrics.error_rates.report import RATES
from metrics.error_rates.tables import rate_rows
from metrics.models import Profile
from metrics.pages.page import freshness, refusal
from metrics.reports.cache import get_report
from traces.models import Judge


@require_safe
@users_only
def error_rate(request: UserRequest) -> HttpResponse:
    """Show the true error rate from few human labels and many model verdicts."""
    form = RateFilter(request.GET, user=request.user)
    if not form.is_valid():
        return refusal(request, "metrics/error_rates/page.html", form)
    fresh = freshness(form.datasets)
    model = form.cleaned_data["judge"] or _most_asked(form.datasets)
    context: dict[str, Any] = {"form": form, "fresh": fresh, "model": model}
    if model:
        shown = get_report(RATES, form.metrics_query(judge=model.pk))
        context["coming"] = shown.is_stale
        if shown.value:
            whole, *generators = rate_rows(shown.value)
            context |= {
                "whole": whole,
                "generators": generators,
                "labels": shown.value.rates[0].labels,
                "unknown": shown.value.unknown,
            }
    return render(request, "metrics/error_rates/page.html", context)


def _most_asked(datasets: list[int]) -> Judge | None:
    """Return the model with the most verdicts in the datasets."""
    models = Judge.objects.filter(kind=Judge.Kind.MODEL).values("pk")
    counts = Profile.objects.filter(dataset_id__in=datasets, judge_id__in=models)
    most = counts.values("judge_id").annotate(asked=Sum("n")).order_by("-asked", "judge_id").first()
    return Judge.objects.get(pk=most["judge_id"]) if most else None
