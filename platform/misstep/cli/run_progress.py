"""A scoring run in the terminal: a progress bar on standard error until its end."""

from inference.models import ScoringRun
from inference.runs.availability import unavailable_reason
from inference.runs.statistics import run_progress
from inference.templatetags.durations import duration
from jobs.follow import Look
from jobs.follow import follow as follow_looks
from misstep.local.workers import TemporaryWorkers


def follow(run: ScoringRun, workers: TemporaryWorkers) -> ScoringRun:
    """Wait for the run's end; raise LocalServiceError if a worker started for it is lost."""

    def look() -> Look:
        run.refresh_from_db()
        state = run_progress(run)
        if not run.is_over:
            workers.check()
        note = unavailable_reason(run) if not state.shards_running else ""
        if state.seconds_left:
            note = f"about {duration(state.seconds_left)} left"
        return Look(state.judged, run.trace_count, note, run.is_over)

    follow_looks(run.scorer.name, look)
    return run
