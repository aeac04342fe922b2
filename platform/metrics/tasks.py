from typing import Any

from celery import shared_task

from metrics import figure_names, figures, warming
from metrics.questions import Question


@shared_task(name="metrics.update_summaries")
def update_summaries() -> None:
    """Every minute, and after whatever wrote many verdicts."""
    warming.update_and_warm()


@shared_task(name="metrics.make_figure")
def make_figure(name: str, question: dict[str, Any]) -> None:
    figures.make_if_behind(figure_names.FIGURES[name], Question.of(question))
