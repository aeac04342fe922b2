"""Following a training run from the terminal: a bar on standard error until it is over."""

import time
from collections.abc import Callable

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from training.models import TrainingRun

LOOK_SECONDS = 0.5


def follow(run: TrainingRun, *, check: Callable[[], None]) -> None:
    """Wait for the run's end. `check` is called now and then; what it raises ends the waiting."""
    columns = [
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[note]}"),
    ]
    with Progress(*columns, console=Console(stderr=True)) as bars:
        bar = bars.add_task(run.job, total=None, note="")
        while True:
            run.refresh_from_db()
            loss = run.metrics[-1].get("loss") if run.metrics else None
            note = run.get_status_display() if loss is None else f"loss {loss:.4g}"
            bars.update(bar, total=run.steps, completed=run.step, note=note)
            if run.is_over:
                return
            check()
            time.sleep(LOOK_SECONDS)
