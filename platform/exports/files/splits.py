"""One split of an export while it is written: files of rows, and the lineage of each row beside."""

from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path

from exports.files.layout import Layout
from exports.files.lineage_files import LineageFile
from exports.files.row_files import HashedFile, RowFile, ending, open_row_file
from exports.recipes.base import Column, Made

# Rows written at once; a row group of Parquet.
BATCH = 2_000
PARTIAL = ".partial"


@dataclass(frozen=True, slots=True)
class WrittenFile:
    name: str
    split: str
    rows: int
    size: int
    sha256: str


class SplitWriter:
    """Rows in the order they come, in files of at most `layout.rows_per_file`.

    Packing and hashing run in `executor`, a batch behind; a failure there is raised by the next
    call. The files bear `.partial` until `finish`, which knows how many there are.
    """

    def __init__(
        self,
        folder: Path,
        split: str,
        *,
        file_format: str,
        columns: dict[str, Column],
        layout: Layout,
        executor: Executor,
    ) -> None:
        self.split = split
        self.rows = 0
        self._folder = folder
        self._format = file_format
        self._columns = columns
        self._layout = layout
        self._executor = executor
        self._pending: Future[None] | None = None
        # The rows that wait, and the problem of each.
        self._batch: list[Made] = []
        self._problems: list[int] = []
        self._open: RowFile | None = None
        self._open_rows = 0
        self._done: list[tuple[HashedFile, int]] = []
        self.lineage = LineageFile(folder / "lineage" / f"{split}.parquet{PARTIAL}")

    def add(self, problem_id: int, made: list[Made]) -> None:
        """The rows of one problem."""
        self._batch += made
        self._problems += [problem_id] * len(made)
        self.rows += len(made)
        while len(self._batch) >= (room := self._room):
            self._send(room)

    @property
    def _room(self) -> int:
        return min(BATCH, self._layout.rows_per_file - self._open_rows)

    def finish(self) -> list[WrittenFile]:
        """Close and name the files; the last of them is the lineage."""
        self._send(len(self._batch), last=True)
        self._wait()
        self.lineage.close()
        kind = ending(self._format, self._layout)
        files = []
        for number, (file, rows) in enumerate(self._done):
            name = f"data/{self.split}-{number:05d}-of-{len(self._done):05d}{kind}"
            files.append(self._named(file, name, rows))
        files.append(self._named(self.lineage.file, f"lineage/{self.split}.parquet", self.rows))
        return files

    def close(self) -> None:
        """Let go of open files; of those that are not finished, what is still to come is lost."""
        for file in (self._open, self.lineage):
            if file is not None:
                file.file.abandon()

    def _named(self, file: HashedFile, name: str, rows: int) -> WrittenFile:
        file.path.rename(self._folder / name)
        return WrittenFile(name, self.split, rows, file.size, file.sha256)

    def _send(self, count: int, *, last: bool = False) -> None:
        """The first `count` rows that wait, to the open file; it is closed when full."""
        self._wait()
        batch, self._batch = self._batch[:count], self._batch[count:]
        problems, self._problems = self._problems[:count], self._problems[count:]
        if batch and self._open is None:
            path = self._folder / "data" / f"{self.split}-{len(self._done):05d}{PARTIAL}"
            self._open = open_row_file(path, self._format, self._columns, self._layout)
        if self._open is None:
            return
        self._open_rows += count
        last = last or self._open_rows == self._layout.rows_per_file
        self._pending = self._executor.submit(self._write, self._open, batch, problems, last)
        if last:
            self._done.append((self._open.file, self._open_rows))
            self._open, self._open_rows = None, 0

    def _write(self, file: RowFile, batch: list[Made], problems: list[int], last: bool) -> None:
        if batch:
            file.write([row for row, _ in batch])
            self.lineage.write(problems, [sources for _, sources in batch])
        if last:
            file.close()

    def _wait(self) -> None:
        if self._pending is not None:
            self._pending.result()
            self._pending = None
