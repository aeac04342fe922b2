from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.rules import UserRequest, users_only
from metrics.chart_files import chart_file
from metrics.charts import GENERATOR_CHARTS, f1_by_judge
from metrics.filters import FigureFilter, GeneratorFilter, LeaderboardFilter, OutcomeFilter
from metrics.generator_rows import generator_rows
from metrics.generators import generators
from metrics.judge_rows import judge_rows, percent_of_scale
from metrics.leaderboards import Leaderboard, kind_of, leaderboard
from metrics.outcomes import OUTCOMES, verdicts_with
from traces.models import Generator, Judge

PAGE_SIZE = 25


@require_safe
@users_only
def judge_list(request: UserRequest) -> HttpResponse:
    form = LeaderboardFilter(request.GET, user=request.user)
    if not form.is_valid():
        return _refusal(request, "metrics/judge_list.html", form)
    board = leaderboard(form.cleaned_data["dataset"], form.cleaned_data["reference"])
    context = {
        "form": form,
        "board": board,
        "floors": _floor_places(board),
        "rows": judge_rows(board, published=_shows_published(form)),
    }
    return render(request, "metrics/judge_list.html", context)


@require_safe
@users_only
def judge_chart(request: UserRequest, suffix: str) -> HttpResponse:
    form = LeaderboardFilter(request.GET, user=request.user)
    if not form.is_valid():
        raise Http404("No such dataset or judge.")
    board = leaderboard(form.cleaned_data["dataset"], form.cleaned_data["reference"])
    return chart_file(f1_by_judge(board, published=_shows_published(form)), suffix)


@require_safe
@users_only
def judge_detail(request: UserRequest, pk: int) -> HttpResponse:
    judge = get_object_or_404(Judge.objects.select_related("scorer"), pk=pk)
    form = OutcomeFilter(request.GET, user=request.user)
    if not form.is_valid():
        return _refusal(request, "metrics/judge_detail.html", form, judge=judge)
    chosen = {key: form.cleaned_data[key] for key in ("dataset", "reference")}
    board = leaderboard(**chosen, judges=[judge.pk])
    outcome = form.cleaned_data["outcome"] or next(iter(OUTCOMES))
    verdicts = Paginator(verdicts_with(outcome, judge, **chosen), PAGE_SIZE)
    context = {
        "judge": judge,
        "kind": kind_of(judge),
        "form": form,
        "board": board,
        "rows": judge_rows(board, published=False),
        "subsets": _outcome_table(board),
        "outcome": OUTCOMES[outcome],
        "outcome_name": outcome,
        "outcomes": [(name, each, name == outcome) for name, each in OUTCOMES.items()],
        "page": verdicts.get_page(form.cleaned_data["page"]),
    }
    return render(request, "metrics/judge_detail.html", context)


@require_safe
@users_only
def generator_list(request: UserRequest) -> HttpResponse:
    form = GeneratorFilter(request.GET, user=request.user)
    if not form.is_valid():
        return _refusal(request, "metrics/generator_list.html", form)
    found = generators(form.cleaned_data["dataset"], form.cleaned_data["judge"])
    context = {
        "form": form,
        "rows": generator_rows(found),
        "charts": [GENERATOR_CHARTS[name](found) for name in ("positions", "steps", "errors")],
    }
    return render(request, "metrics/generator_list.html", context)


@require_safe
@users_only
def generator_detail(request: UserRequest, pk: int) -> HttpResponse:
    generator = get_object_or_404(Generator, pk=pk)
    form = GeneratorFilter(request.GET, user=request.user, generator=generator)
    if not form.is_valid():
        return _refusal(request, "metrics/generator_detail.html", form, generator=generator)
    chosen = form.cleaned_data
    found = generators(chosen["dataset"], chosen["judge"], generator=generator)
    context = {
        "generator": generator,
        "form": form,
        "found": found[0] if found else None,
        "row": generator_rows(found)[0] if found else None,
        "charts": [GENERATOR_CHARTS[name](found) for name in ("positions", "steps")],
    }
    return render(request, "metrics/generator_detail.html", context)


@require_safe
@users_only
def generator_chart(request: UserRequest, chart: str, suffix: str) -> HttpResponse:
    form = GeneratorFilter(request.GET, user=request.user)
    if chart not in GENERATOR_CHARTS or not form.is_valid():
        raise Http404("No such chart, dataset, judge or generator.")
    chosen = form.cleaned_data
    found = generators(chosen["dataset"], chosen["judge"], generator=chosen["generator"])
    return chart_file(GENERATOR_CHARTS[chart](found), suffix)


def _refusal(request: UserRequest, template: str, form: FigureFilter, **more: Any) -> HttpResponse:
    """The page with its form alone, which says what is wrong with the address."""
    return render(request, template, {"form": form, **more}, status=400)


def _shows_published(form: LeaderboardFilter) -> bool:
    return form.cleaned_data["published"] != "hidden"


def _floor_places(board: Leaderboard) -> dict[str, str]:
    """Where the lines of the floors are on the scale; no line for a floor that is not known."""
    values = {"constant": board.floors.constant, "final_answer": board.floors.final_answer}
    return {name: percent_of_scale(value) for name, value in values.items() if value is not None}


def _outcome_table(board: Leaderboard) -> list[dict[str, Any]]:
    """A row for each subset, of counts in the order of `OUTCOMES`; none without verdicts."""
    if not board.judges:
        return []
    (row,) = board.judges
    parts = [(subset.name, subset.score.n, subset.outcomes) for subset in row.subsets.values()]
    if len(parts) > 1:
        parts.append(("all", row.judged, row.outcomes))
    return [
        {"name": name, "n": n, "counts": [getattr(found, key) for key in OUTCOMES]}
        for name, n, found in parts
    ]
