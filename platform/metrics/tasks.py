from typing import Any

from celery import shared_task

from metrics.figure_names import FIGURES
from metrics.figures import make_if_behind
from metrics.questions import Question
from metrics.warming import update_and_warm


@shared_task(name="metrics.update_summaries")
def update_summaries() -> None:
    """Every minute, and after whatever wrote many verdicts."""
    update_and_warm()


@shared_task(name="metrics.make_figure")
def make_figure(name: str, question: dict[str, Any]) -> None:
    make_if_behind(FIGURES[name], Question.of(question))
