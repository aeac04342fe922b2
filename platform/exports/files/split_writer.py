"""Writer of one split: files of rows, and the lineage of each row."""

from collections.abc import Iterable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exports.files.layout import Layout
from exports.files.row_lineage import LineageFile
from exports.files.rows import HashedFile, RowFile, ending, open_row_file
from exports.recipes.base import Column, Made

# Rows that are packed and written at once: a row group of Parquet.
ROWS_AT_ONCE = 2_000
PARTIAL = ".partial"


@dataclass(frozen=True, slots=True)
class WrittenFile:
    name: str
    split: str
    rows: int
    size: int
    sha256: str


class SplitWriter:
    """Writer of rows in their order, into files of at most `layout.rows_per_file`.

    Packing and hashing run in `executor`, a batch behind, where Python itself has nothing to do; a
    failure there is raised by the next call. The files bear `.partial` until `finish`, which knows
    how many there are.
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
        self._open: RowFile | None = None
        self._open_rows = 0
        self._done: list[tuple[HashedFile, int]] = []
        self.lineage = LineageFile(folder / "lineage" / f"{split}.parquet{PARTIAL}")

    def add(self, problem_id: int, made: Iterable[Made]) -> None:
        """Add the rows of one problem."""
        for row, sources in made:
            file = self._open or self._open_next()
            file.add(row)
            self.lineage.add(problem_id, sources)
            self.rows += 1
            self._open_rows += 1
            if self._open_rows == self._layout.rows_per_file:
                self._write(file, last=True)
            elif self._open_rows % ROWS_AT_ONCE == 0:
                self._write(file)

    def finish(self) -> list[WrittenFile]:
        """Close and name the files; the last of them is the lineage."""
        if self._open is not None:
            self._write(self._open, last=True)
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
        """Close open files. Unfinished files are incomplete."""
        for file in (self._open, self.lineage):
            if file is not None:
                file.file.abandon()

    def _named(self, file: HashedFile, name: str, rows: int) -> WrittenFile:
        file.path.rename(self._folder / name)
        return WrittenFile(name, self.split, rows, file.size, file.sha256)

    def _open_next(self) -> RowFile:
        path = self._folder / "data" / f"{self.split}-{len(self._done):05d}{PARTIAL}"
        self._open = open_row_file(path, self._format, self._columns, self._layout)
        return self._open

    def _write(self, file: RowFile, *, last: bool = False) -> None:
        """Write the buffered rows to the open file, and close it after its `last` ones."""
        self._wait()
        self._pending = self._executor.submit(_write, file, file.take(), last)
        if last:
            self._done.append((file.file, self._open_rows))
            self._open, self._open_rows = None, 0

    def _wait(self) -> None:
        if self._pending is not None:
            self._pending.result()
            self._pending = None


def _write(file: RowFile, taken: list[Any], last: bool) -> None:
    if taken:
        file.write(taken)
    if last:
        file.close()
