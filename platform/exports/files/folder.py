"""Writing of an export's folder: rows and lineage, then the card, the manifest last.

The folder is written under a name that ends in `.partial`, and so is each of its files until it is
complete; a rename publishes it.

data/SPLIT-00000-of-00002.jsonl.zst   the rows, as `datasets.load_dataset(folder)` reads them
lineage/SPLIT.parquet                 for each row of the split its problem, traces and verdicts
README.md, manifest.json
"""

import gc
import os
import re
import shutil
from array import array
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from exports.files.dataset_card import dataset_card
from exports.files.layout import Layout
from exports.files.manifest import MANIFEST, Manifest, file_entry, manifest_of
from exports.files.rows import HashedFile
from exports.files.split_writer import PARTIAL, SplitWriter, WrittenFile
from exports.recipes.base import Recipe
from exports.recipes.labelled_trace import LabelledTrace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    IdArray = NDArray[np.int64]

CARD = "README.md"
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class ExportStats:
    """Contents of an export; the ids of what made rows are sorted and unique."""

    traces_seen: int = 0
    rows: int = 0
    problem_ids: "IdArray" = field(default_factory=lambda: unique([]))
    trace_ids: "IdArray" = field(default_factory=lambda: unique([]))
    verdict_ids: "IdArray" = field(default_factory=lambda: unique([]))


@dataclass(frozen=True, slots=True)
class Written:
    """A complete folder, still under its partial name."""

    folder: Path
    manifest: Manifest
    fingerprint: str
    tally: ExportStats


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write, and how. `describe` completes the manifest from the stats."""

    recipe: Recipe
    options: Any
    layout: Layout
    describe: Callable[[ExportStats], dict[str, Any]]

    @property
    def file_format(self) -> str:
        return self.layout.file_format or self.recipe.file_format


def write_folder(
    partial: Path, plan: Plan, problems: Iterator[list[LabelledTrace]], progress: Progress
) -> Written:
    """Write everything into `partial`, whose name ends in `.partial`."""
    shutil.rmtree(partial, ignore_errors=True)
    for name in ("data", "lineage"):
        (partial / name).mkdir(parents=True)
    tally = ExportStats()
    files = _write_rows(partial, plan, problems, tally, progress)
    manifest = manifest_of(plan.recipe, plan.options, plan.layout, files, plan.describe(tally))
    card = HashedFile(partial / CARD)
    card.write(dataset_card(plan.recipe, plan.options, manifest).encode())
    card.close()
    manifest["other_files"][CARD] = file_entry(card)
    listed = HashedFile(partial / (MANIFEST + PARTIAL))
    listed.write(orjson.dumps(manifest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    listed.close()
    listed.path.rename(partial / MANIFEST)
    return Written(partial, manifest, listed.sha256, tally)


def publish_folder(written: Written, target: Path) -> None:
    """Publish the folder by a rename, once it and its files are on the disk."""
    for folder in (written.folder / "data", written.folder / "lineage", written.folder):
        _sync(folder)
    written.folder.rename(target)
    _sync(target.parent)


@lru_cache
def split_name(name: str) -> str:
    """Return `name` as the datasets library takes a split's name: letters, digits, underscores."""
    return re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_") or "train"


def _write_rows(
    folder: Path,
    plan: Plan,
    problems: Iterator[list[LabelledTrace]],
    tally: ExportStats,
    progress: Progress,
) -> list[WrittenFile]:
    splits: dict[str, SplitWriter] = {}
    with _collector_off(), ThreadPoolExecutor(max_workers=1) as executor, ExitStack() as stack:
        for traces in problems:
            first = traces[0]
            name = split_name(first.subset) if plan.recipe.splits_by_subset else first.split
            split = splits.get(name)
            if split is None:
                split = splits[name] = _open_split(folder, name, plan, executor)
                stack.callback(split.close)
            before = split.rows
            split.add(first.problem_id, plan.recipe.rows(traces, plan.options))
            tally.rows += split.rows - before
            tally.traces_seen += len(traces)
            progress(tally.traces_seen, tally.rows)
        files = [file for name in sorted(splits) for file in splits[name].finish()]
    links = [split.lineage for split in splits.values()]
    tally.problem_ids = unique([link.problem_ids for link in links])
    tally.trace_ids = unique([link.trace_ids for link in links])
    tally.verdict_ids = unique([link.verdict_ids for link in links])
    return files


@contextmanager
def _collector_off() -> Iterator[None]:
    """Turn off garbage collection: rows make no cycles, and looking takes half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _open_split(folder: Path, name: str, plan: Plan, executor: Executor) -> SplitWriter:
    return SplitWriter(
        folder,
        name,
        file_format=plan.file_format,
        columns=plan.recipe.columns_for(plan.options),
        layout=plan.layout,
        executor=executor,
    )


def unique(ids: "Sequence[array[int]]") -> "IdArray":
    """Return the ids of all the arrays, sorted and unique."""
    import numpy as np

    filled = [np.frombuffer(some, np.int64) for some in ids if some]
    numbers = np.concatenate(filled) if filled else np.empty(0, np.int64)
    numbers.sort()
    # They come nearly in order, where sorting costs less than NumPy's own `unique` by hash.
    return numbers[np.concatenate([numbers[:1] == numbers[:1], numbers[1:] != numbers[:-1]])]


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
