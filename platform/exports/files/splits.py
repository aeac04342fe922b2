"""One split of an export while it is written: files of rows, and the lineage of each row beside."""

from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exports.files.layout import Layout
from exports.files.lineage_files import LineageFile
from exports.files.row_files import HashedFile, RowFile, ending, open_row_file
from exports.recipes.base import Column, Made

# Rows are encoded while they are still in the processor's cache, a few at once, and packed and
# written many at once: a row group of Parquet.
CHUNK = 100
CHUNKS_AT_ONCE = 20
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
        # The rows that wait, the problem of each, and what was encoded and waits to be written.
        self._made: list[Made] = []
        self._problems: list[int] = []
        self._encoded: list[Any] = []
        self._open: RowFile | None = None
        self._open_rows = 0
        self._done: list[tuple[HashedFile, int]] = []
        self.lineage = LineageFile(folder / "lineage" / f"{split}.parquet{PARTIAL}")

    def add(self, problem_id: int, made: list[Made]) -> None:
        """The rows of one problem."""
        self._made += made
        self._problems += [problem_id] * len(made)
        self.rows += len(made)
        while len(self._made) >= (room := self._room):
            self._encode(room)

    @property
    def _room(self) -> int:
        return min(CHUNK, self._layout.rows_per_file - self._open_rows)

    def finish(self) -> list[WrittenFile]:
        """Close and name the files; the last of them is the lineage."""
        self._encode(len(self._made))
        self._write(last=True)
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

    def _encode(self, count: int) -> None:
        """The first `count` rows that wait, for the open file."""
        made, self._made = self._made[:count], self._made[count:]
        problems, self._problems = self._problems[:count], self._problems[count:]
        if not made:
            return
        if self._open is None:
            path = self._folder / "data" / f"{self.split}-{len(self._done):05d}{PARTIAL}"
            self._open = open_row_file(path, self._format, self._columns, self._layout)
        self._encoded.append(self._open.encode([row for row, _ in made]))
        self.lineage.add(problems, [sources for _, sources in made])
        self._open_rows += count
        is_full = self._open_rows == self._layout.rows_per_file
        if is_full or len(self._encoded) == CHUNKS_AT_ONCE:
            self._write(last=is_full)

    def _write(self, *, last: bool) -> None:
        """What was encoded, to the open file, which is closed after the `last` of it."""
        self._wait()
        encoded, self._encoded = self._encoded, []
        if self._open is None:
            return
        self._pending = self._executor.submit(_write, self._open, encoded, last)
        if last:
            self._done.append((self._open.file, self._open_rows))
            self._open, self._open_rows = None, 0

    def _wait(self) -> None:
        if self._pending is not None:
            self._pending.result()
            self._pending = None


def _write(file: RowFile, encoded: list[Any], last: bool) -> None:
    if encoded:
        file.write(encoded)
    if last:
        file.close()
