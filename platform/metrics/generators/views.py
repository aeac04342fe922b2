"""The generators' pages."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.rules import UserRequest, users_only
from metrics.charts.export import chart_file
from metrics.generators.charts import GENERATOR_CHARTS
from metrics.generators.filters import GeneratorFilter
from metrics.generators.page import columns_of, source_rows
from metrics.generators.profile import all_errors, compare, profile
from metrics.generators.robustness import contamination, robustness
from metrics.generators.tables import generator_rows, robustness_rows
from metrics.judges.leaderboard_table import p_value
from metrics.pages.filters import FigureFilter
from metrics.pages.page import freshness, place_charts, refusal
from metrics.pages.trace_links import TraceLinks
from traces.models import Generator


@require_safe
@users_only
def generator_list(request: UserRequest) -> HttpResponse:
    form = GeneratorFilter(request.GET, user=request.user)
    if not form.is_valid():
        return refusal(request, "metrics/generators/list.html", form)
    fresh = freshness(form.datasets)
    found = all_errors(form.datasets, form.cleaned_data["judge"])
    context = {
        "form": form,
        "fresh": fresh,
        "rows": generator_rows(found),
        "sources": source_rows(form.datasets),
        "charts": _charts(form, found, ["positions", "survival", "steps", "errors"]),
    }
    return render(request, "metrics/generators/list.html", context)


@require_safe
@users_only
def generator_detail(request: UserRequest, pk: int) -> HttpResponse:
    generator = get_object_or_404(Generator.objects.visible_to(request.user), pk=pk)
    form = GeneratorFilter(request.GET, user=request.user, generator=generator)
    if not form.is_valid():
        return refusal(request, "metrics/generators/detail.html", form, generator=generator)
    fresh = freshness(form.datasets)
    chosen = form.cleaned_data
    shown = [
        generator,
        *([chosen["compare_with"]] if chosen["compare_with"] not in (None, generator) else []),
    ]
    profiles = [profile(form.datasets, chosen["judge"], one) for one in shown]
    found = [one for one in profiles if one]
    context: dict[str, Any] = {"generator": generator, "form": form, "fresh": fresh}
    if profiles[0]:
        test = compare(found[0].errors, found[1].errors) if len(found) == 2 else None
        context |= {
            "columns": columns_of(found, TraceLinks(form), form),
            "is_comparison": len(found) == 2,
            "log_rank": p_value(test.p) if test else None,
            "charts": _charts(
                form, [one.errors for one in found], ["survival", "positions", "steps"]
            ),
        }
    return render(request, "metrics/generators/detail.html", context)


@require_safe
@users_only
def generator_chart(request: UserRequest, chart: str, suffix: str) -> HttpResponse:
    form = GeneratorFilter(request.GET, user=request.user)
    if chart not in GENERATOR_CHARTS or not form.is_valid():
        raise Http404("No such chart, dataset, judge or generator.")
    chosen = form.cleaned_data
    only = [one.pk for one in (chosen["generator"], chosen["compare_with"]) if one]
    if not chosen["generator"]:
        only = []
    found = all_errors(form.datasets, chosen["judge"], only=only or None)
    found.sort(key=lambda one: only.index(one.generator.pk) if only else 0)
    return chart_file(GENERATOR_CHARTS[chart](found), suffix)


def _charts(form: GeneratorFilter, found: list, names: list[str]) -> list:
    return [
        place_charts(GENERATOR_CHARTS[name](found), "metrics:generator-chart", form.query)
        for name in names
    ]


@require_safe
@users_only
def robustness_list(request: UserRequest) -> HttpResponse:
    """Show generators on problems and their variants, and copies of benchmark problems."""
    form = FigureFilter(request.GET, user=request.user)
    if not form.is_valid():
        return refusal(request, "metrics/generators/robustness.html", form)
    context = {
        "form": form,
        "rows": robustness_rows(robustness(form.datasets)),
        "copies": contamination(sorted(form.visible.values_list("pk", flat=True))),
    }
    return render(request, "metrics/generators/robustness.html", context)
