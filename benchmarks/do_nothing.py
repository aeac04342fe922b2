"""A scorer that does nothing, and the project's Celery application with it among the backends."""

from collections.abc import Sequence

import django

from inference.backends import BACKENDS, BackendEntry
from inference.backends.base import NO_ERROR, Finding, Recipe, TraceText
from misstep.celery import app

NAME = "do-nothing"


class DoNothing:
    """Finds no error anywhere."""

    def __init__(self, recipe: Recipe) -> None:
        self.finding = Finding(NO_ERROR)

    def judge(self, traces: Sequence[TraceText]) -> list[Finding]:
        return [self.finding] * len(traces)


BACKENDS[NAME] = BackendEntry("benchmarks.do_nothing.DoNothing", "checker", "nothing", revision="1")
django.setup()

__all__ = ["app"]
