"""Following a run from a command, until it is over."""

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
    """The run once it is over. `on_progress` hears of it every `interval` seconds and at the end;
    what it raises ends the waiting, and the run goes on."""
    while True:
        run.refresh_from_db()
        if on_progress is not None:
            on_progress(run_progress(run))
        if run.is_over:
            return run
        time.sleep(interval)
