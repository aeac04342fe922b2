"""Following work from the terminal: a bar on standard error until it is over."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskProgressColumn,
    TextColumn,
)

from jobs.models import Job

LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Look:
    """What the bar shows at one moment: `done` of `total`, a note, and whether it is the last."""

    done: int
    total: int | None
    note: str
    is_over: bool


def follow(title: str, look: Callable[[], Look], *, seconds: float = LOOK_SECONDS) -> None:
    """Draw what `look` returns until it says that the work is over.

    What `look` raises ends the waiting; the work goes on.
    """
    columns = [
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[note]}"),
    ]
    with Progress(*columns, console=Console(stderr=True)) as bars:
        bar = bars.add_task(title, total=None, note="")
        while True:
            state = look()
            bars.update(bar, total=state.total, completed=state.done, note=state.note)
            if state.is_over:
                return
            time.sleep(seconds)


def follow_job(
    job: Job,
    *,
    title: str = "",
    check: Callable[[], object] = lambda: None,
    note: Callable[[], str] = str,
) -> None:
    """Wait for the end of the job; afterwards the object holds its last state.

    `check` is called at each look, and what it raises ends the waiting. `note` may return a text to
    show instead of the state.
    """

    def look() -> Look:
        job.refresh_from_db()
        progress = job.progress
        text = note() or job.get_status_display()
        if not job.is_over:
            check()
        if progress is None:
            return Look(0, None, text, job.is_over)
        return Look(progress.done, progress.total, text, job.is_over)

    follow(title or str(job), look)
