from typing import Any

from celery import shared_task

from metrics.judges.warm_cache import update_and_warm
from metrics.report_registry import FIGURES
from metrics.reports.cache import make_if_behind
from metrics.reports.query import Question


@shared_task(name="metrics.update_summaries")
def update_summaries() -> None:
    """Every minute, and after whatever wrote many verdicts."""
    update_and_warm()


@shared_task(name="metrics.make_figure")
def make_figure(name: str, question: dict[str, Any]) -> None:
    make_if_behind(FIGURES[name], Question.of(question))
