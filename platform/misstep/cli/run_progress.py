"""A scoring run in the terminal: a progress bar on standard error until its end."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskProgressColumn, TextColumn
from rich.progress import Progress as Bars

from inference.models import ScoringRun
from inference.runs.availability import unavailable_reason
from inference.runs.statistics import RunProgress
from inference.runs.wait import wait_for_run
from inference.templatetags.durations import duration
from misstep.local.workers import TemporaryWorkers


def follow(run: ScoringRun, workers: TemporaryWorkers) -> ScoringRun:
    """Wait for the run's end; raise LocalServiceError if a worker started for it is lost."""
    columns = [
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[note]}"),
    ]
    with Bars(*columns, console=Console(stderr=True)) as bars:
        bar = bars.add_task(run.scorer.name, total=run.trace_count, note="")

        def show(state: RunProgress) -> None:
            workers.check()
            note = unavailable_reason(run) if not state.shards_running else ""
            if state.seconds_left:
                note = f"about {duration(state.seconds_left)} left"
            bars.update(bar, completed=state.judged, note=note)

        return wait_for_run(run, show)
