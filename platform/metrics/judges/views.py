from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.rules import UserRequest, users_only
from metrics.charts.export import chart_file
from metrics.judges.breakdown_tables import confusion_heads, confusion_rows, part_tables
from metrics.judges.charts import JUDGE_CHARTS, f1_by_judge
from metrics.judges.filters import LeaderboardFilter, OutcomeFilter
from metrics.judges.leaderboard import Leaderboard, kind_of
from metrics.judges.leaderboard_page import comparisons_view, leaderboard_view
from metrics.judges.leaderboard_table import judge_rows
from metrics.judges.outcomes import OUTCOMES, OutcomeTrace, OutcomeTraces
from metrics.judges.report import REPORT, JudgeReport, by_mass
from metrics.pages.page import freshness, is_refreshing, place_charts, refusal
from metrics.pages.tables import percent_of_scale
from metrics.pages.trace_links import TraceLinks
from metrics.reports.cache import ReportResult, get_report
from metrics.stats.confusion_matrix import confusion
from metrics.summaries.queries import cells
from traces.models import Judge

PAGE_SIZE = 25


@require_safe
@users_only
def judge_list(request: UserRequest) -> HttpResponse:
    form = LeaderboardFilter(request.GET, user=request.user)
    if not form.is_valid():
        return refusal(request, "metrics/judges/list.html", form)
    context: dict[str, Any] = {"form": form, "fresh": freshness(form.datasets)}
    shown = leaderboard_view(form)
    context["coming"] = shown.is_stale
    if shown.board:
        compared = comparisons_view(form, shown.board)
        context |= {
            "board": shown.board,
            "floors": _floor_places(shown.board),
            "compared": compared,
            "corrections": form.links("correction"),
            "coming": shown.is_stale or bool(compared and compared.is_stale),
            "rows": judge_rows(shown.board, published=_shows_published(form), compared=compared),
        }
    return render(request, "metrics/judges/list.html", context)


@require_safe
@users_only
def judge_chart(request: UserRequest, suffix: str) -> HttpResponse:
    form = LeaderboardFilter(request.GET, user=request.user)
    if not form.is_valid():
        raise Http404("No such dataset or judge.")
    board = leaderboard_view(form).board
    if board is None:
        raise Http404(
            "These statistics are being computed. The page shows them when they are ready."
        )
    return chart_file(f1_by_judge(board, published=_shows_published(form)), suffix)


@require_safe
@users_only
def judge_detail(request: UserRequest, pk: int) -> HttpResponse:
    judge = get_object_or_404(
        Judge.objects.visible_to(request.user).select_related("scorer"), pk=pk
    )
    form = OutcomeFilter(request.GET, user=request.user)
    if not form.is_valid():
        return refusal(request, "metrics/judges/detail.html", form, judge=judge)
    context: dict[str, Any] = {
        "judge": judge,
        "kind": kind_of(judge),
        "form": form,
        "fresh": freshness(form.datasets),
    }
    shown = leaderboard_view(form, judge=judge.pk)
    context |= {"board": shown.board, "coming": shown.is_stale}
    if shown.board and shown.board.judges:
        report = get_report(REPORT, form.metrics_query(judge=judge.pk))
        context |= _figures(form, judge, shown.board) | _report(form, judge, report)
        context["coming"] = shown.is_stale or is_refreshing(report)
    return render(request, "metrics/judges/detail.html", context)


@require_safe
@users_only
def judge_figure(request: UserRequest, pk: int, chart: str, suffix: str) -> HttpResponse:
    judge = get_object_or_404(Judge.objects.visible_to(request.user), pk=pk)
    form = OutcomeFilter(request.GET, user=request.user)
    if chart not in JUDGE_CHARTS or not form.is_valid():
        raise Http404("No such chart, dataset or judge.")
    report = get_report(REPORT, form.metrics_query(judge=judge.pk)).value
    drawn = JUDGE_CHARTS[chart](_binned(form, report)) if report else None
    if drawn is None:
        raise Http404("There is no data for this chart.")
    return chart_file(drawn, suffix)


def _figures(form: OutcomeFilter, judge: Judge, board: Leaderboard) -> dict[str, Any]:
    """Return the figures from the summaries, and the traces of the chosen outcome."""
    reference = form.cleaned_data["reference"]
    table = _outcome_table(board)
    totals = dict(zip(OUTCOMES, table[-1]["counts"], strict=True))
    outcome = form.cleaned_data["outcome"] or next(iter(OUTCOMES))
    query = form.metrics_query(judge=judge.pk)
    behind = OutcomeTraces(outcome, query, totals[outcome], reader=form.user)
    links = TraceLinks(form)
    shown: dict[str, Any] = {}
    if not form.cleaned_data["selection"]:
        found = confusion(cells(form.datasets, reference, judge))
        shown = {
            "confusion": confusion_rows(found, links, judge.pk),
            "confusion_heads": confusion_heads(),
        }
    pages: Paginator[OutcomeTrace] = Paginator(behind, PAGE_SIZE)  # type: ignore[arg-type]
    return shown | {
        "rows": judge_rows(board, published=False),
        "subsets": table,
        "outcome": OUTCOMES[outcome],
        "outcome_name": outcome,
        "outcomes": [(name, each, name == outcome) for name, each in OUTCOMES.items()],
        "page": pages.get_page(form.cleaned_data["page"]),
    }


def _report(form: OutcomeFilter, judge: Judge, shown: ReportResult[JudgeReport]) -> dict[str, Any]:
    if shown.value is None:
        return {}
    report = _binned(form, shown.value)
    drawn = [draw(report) for draw in JUDGE_CHARTS.values()]
    return {
        "report": report,
        "bins": form.links("bins"),
        "report_made_at": shown.made_at if shown.is_stale else None,
        "tables": part_tables(report, TraceLinks(form), judge.pk),
        "charts": [
            place_charts(chart, "metrics:judge-figure", form.query, judge.pk)
            for chart in drawn
            if chart
        ],
    }


def _binned(form: OutcomeFilter, report: JudgeReport) -> JudgeReport:
    return by_mass(report) if form.cleaned_data["bins"] == "mass" else report


def _shows_published(form: LeaderboardFilter) -> bool:
    return form.cleaned_data["published"] != "hidden" and not form.cleaned_data["selection"]


def _floor_places(board: Leaderboard) -> dict[str, str]:
    """Return where the baselines' lines are on the scale; unknown baselines have none."""
    values = {"constant": board.floors.constant, "final_answer": board.floors.final_answer}
    return {name: percent_of_scale(value) for name, value in values.items() if value is not None}


def _outcome_table(board: Leaderboard) -> list[dict[str, Any]]:
    """Return a row for each subset, counts in the order of `OUTCOMES`; none without verdicts."""
    (row,) = board.judges
    parts = [(subset.name, subset.score.n, subset.outcomes) for subset in row.subsets.values()]
    if len(parts) > 1:
        parts.append(("all", row.judged, row.outcomes))
    return [
        {"name": name, "n": n, "counts": [getattr(found, key) for key in OUTCOMES]}
        for name, n, found in parts
    ]
