"""A scorer that does nothing, and the project's Celery application with its backend."""

import os
from collections.abc import Sequence

import django

from inference.backends import BACKENDS, BackendEntry
from inference.backends.interface import NO_ERROR, Finding, Recipe, TraceText
from misstep.celery import app

NAME = "do-nothing"


class DoNothing:
    """A backend that finds no error in any trace."""

    def __init__(self, recipe: Recipe) -> None:
        self.finding = Finding(NO_ERROR)

    def judge(self, traces: Sequence[TraceText]) -> list[Finding]:
        return [self.finding] * len(traces)


BACKENDS[NAME] = BackendEntry("benchmarks.do_nothing.DoNothing", "checker", "nothing", revision="1")
django.setup()
# A separate message prefix for the measuring process and the worker that it starts.
PREFIX = os.environ.setdefault("BENCH_OVERHEAD_MESSAGES", f"bench-{os.getpid()}:")
app.conf.broker_transport_options = {
    **app.conf.broker_transport_options,
    "global_keyprefix": PREFIX,
}

__all__ = ["app"]
