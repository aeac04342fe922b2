from typing import Any

from celery import shared_task

from metrics.judges.warm_cache import update_and_warm
from metrics.report_registry import REPORTS
from metrics.reports.cache import refresh_if_stale
from metrics.reports.query import MetricsQuery


@shared_task(name="metrics.update_summaries")
def update_summaries() -> None:
    """Apply waiting changes; runs every minute, and after many verdicts were written."""
    update_and_warm()


@shared_task(name="metrics.make_figure")
def make_figure(name: str, query: dict[str, Any]) -> None:
    refresh_if_stale(REPORTS[name], MetricsQuery.of(query))
