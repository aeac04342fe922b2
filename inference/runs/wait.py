"""Waiting for a run from a command, until it is over."""

import time
from collections.abc import Callable

from inference.models import ScoringRun
from inference.runs.statistics import RunProgress, run_progress


def wait_for_run(
    run: ScoringRun,
    on_progress: Callable[[RunProgress], None] | None = None,
    *,
    interval: float = 0.5,
) -> ScoringRun:
    """Return the run once it is over, calling `on_progress` every `interval` seconds.

    An exception that it raises ends the waiting, and the run continues.
    """
    while True:
        run.refresh_from_db()
        if on_progress is not None:
            on_progress(run_progress(run))
        if run.is_over:
            return run
        time.sleep(interval)
