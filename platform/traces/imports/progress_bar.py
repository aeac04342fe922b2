"""The progress of an import on the terminal's standard error."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Display
from rich.text import Text

from traces.imports.staging import Progress


class RowsRead(ProgressColumn):
    """A column with the import's counts, read each time the line is drawn."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.progress = progress

    def render(self, task: Task) -> Text:
        return Text(f"{self.progress.rows_read:,} rows, {self.progress.rejected:,} rejected")


@contextmanager
def show_progress(progress: Progress) -> Iterator[None]:
    """Show the progress while the block runs."""
    columns = (TextColumn("importing"), BarColumn(), RowsRead(progress), TimeElapsedColumn())
    with Display(*columns, console=Console(stderr=True), transient=True) as display:
        display.add_task("importing", total=None)
        yield
