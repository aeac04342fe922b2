"""Common parts of the pages of figures: freshness, charts, a wrong address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.rules import UserRequest
from metrics.charts.chart import Chart
from metrics.charts.export import FILES
from metrics.models import Freshness
from metrics.pages.filters import FigureFilter
from metrics.reports.cache import ReportResult
from metrics.summaries import refresh


@dataclass(frozen=True, slots=True)
class FreshnessNote:
    """`changed_at` is the last change applied; `waiting` is counted up to one batch."""

    changed_at: datetime | None
    waiting: int
    is_more: bool


@dataclass(frozen=True, slots=True)
class PlacedChart:
    """A chart and its files' addresses; `key` tells a page's charts apart."""

    chart: Chart
    files: list[tuple[str, str]]
    spec: str


def refusal(request: UserRequest, template: str, form: FigureFilter, **more: Any) -> HttpResponse:
    """Return the page with its form alone, which says what is wrong with the address."""
    return render(request, template, {"form": form, **more}, status=400)


def freshness(datasets: Sequence[int]) -> FreshnessNote:
    """Apply a small backlog, and return the freshness; call it before reading a summary."""
    waiting = refresh.apply_small_backlog()
    changed = Freshness.objects.filter(dataset_id__in=datasets).aggregate(at=Max("changed_at"))
    return FreshnessNote(changed["at"], waiting, waiting >= refresh.BATCH)


def place_charts(chart: Chart, view: str, query: str, *args: Any) -> PlacedChart:
    """Return the charts with the addresses that `view` serves their files at.

    `view` takes `args`, the chart's name where it asks for one, and the suffix.
    """
    addresses = {
        suffix: f"{reverse(view, args=[*args, chart.name, suffix])}?{query}" for suffix in FILES
    }
    labels = {"svg": "SVG", "png": "PNG", "csv": "CSV", "json": "Vega-Lite"}
    return PlacedChart(
        chart, [(labels[suffix], addresses[suffix]) for suffix in FILES], addresses["json"]
    )


def is_refreshing(*figures: ReportResult[Any] | None) -> bool:
    """Return whether a worker computes anything that the page shows."""
    return any(figure is not None and figure.is_stale for figure in figures)
