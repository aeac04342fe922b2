"""Writing an export's folder: rows and their lineage, then the dataset card, the manifest last.

The folder is written under a name that ends in `.partial`, and so is each file in it until it is
whole; a rename makes it appear when it is complete.

data/SPLIT-00000-of-00002.jsonl.zst   the rows, as `datasets.load_dataset(folder)` reads them
lineage/SPLIT.parquet                 for each row of the split its problem, traces and verdicts
README.md, manifest.json
"""

import os
import re
import shutil
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from exports.files.cards import dataset_card
from exports.files.layout import Layout
from exports.files.manifests import Manifest, file_entry, manifest_of
from exports.files.row_files import HashedFile
from exports.files.splits import PARTIAL, SplitWriter, WrittenFile
from exports.labelled import LabelledTrace
from exports.recipes.base import Recipe

MANIFEST = "manifest.json"
CARD = "README.md"
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Tally:
    """What went into an export, counted on the way; a trace that makes two rows counts once."""

    traces_seen: int = 0
    rows: int = 0
    problems: int = 0
    trace_ids: "array[int]" = field(default_factory=lambda: array("q"))
    verdict_ids: "array[int]" = field(default_factory=lambda: array("q"))
    verdicts_by_judge: Counter[int] = field(default_factory=Counter)
    verdicts_by_kind: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Written:
    """A whole folder, still under its partial name."""

    folder: Path
    manifest: Manifest
    fingerprint: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written, and how. `describe` completes the manifest from the tally."""

    recipe: Recipe
    options: Any
    layout: Layout
    describe: Callable[[Tally], dict[str, Any]]

    @property
    def file_format(self) -> str:
        return self.layout.file_format or self.recipe.file_format


def write_folder(
    partial: Path, plan: Plan, problems: Iterator[list[LabelledTrace]], progress: Progress
) -> Written:
    """Write everything into `partial`, whose name ends in `.partial`; `appear` renames it."""
    shutil.rmtree(partial, ignore_errors=True)
    for name in ("data", "lineage"):
        (partial / name).mkdir(parents=True)
    tally = Tally()
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


def appear(written: Written, target: Path) -> None:
    """The rename that makes the folder whole; it and its files are on the disk by then."""
    for folder in (written.folder / "data", written.folder / "lineage", written.folder):
        _sync(folder)
    written.folder.rename(target)
    _sync(target.parent)


def split_name(name: str) -> str:
    """`name` as the datasets library takes a split's name: letters, digits, underscores."""
    return re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_") or "train"


def _write_rows(
    folder: Path,
    plan: Plan,
    problems: Iterator[list[LabelledTrace]],
    tally: Tally,
    progress: Progress,
) -> list[WrittenFile]:
    splits: dict[str, SplitWriter] = {}
    with ThreadPoolExecutor(max_workers=1) as executor, ExitStack() as stack:
        for traces in problems:
            first = traces[0]
            name = split_name(first.subset) if plan.recipe.splits_by_subset else first.split
            split = splits.get(name)
            if split is None:
                split = splits[name] = _open_split(folder, name, plan, executor)
                stack.callback(split.close)
            _write_problem(split, plan, traces, tally)
            progress(tally.traces_seen, tally.rows)
        return [file for name in sorted(splits) for file in splits[name].finish()]


def _open_split(folder: Path, name: str, plan: Plan, executor: Executor) -> SplitWriter:
    return SplitWriter(
        folder,
        name,
        file_format=plan.file_format,
        columns=plan.recipe.columns_for(plan.options),
        layout=plan.layout,
        executor=executor,
    )


def _write_problem(
    split: SplitWriter, plan: Plan, traces: list[LabelledTrace], tally: Tally
) -> None:
    used: dict[int, LabelledTrace] = {}
    before = tally.rows
    for row, sources in plan.recipe.rows(traces, plan.options):
        split.add(row, traces[0].problem_id, sources)
        tally.rows += 1
        for trace in sources:
            used[trace.trace_id] = trace
    tally.traces_seen += len(traces)
    tally.problems += tally.rows > before
    for trace in used.values():
        tally.trace_ids.append(trace.trace_id)
        tally.verdict_ids.append(trace.verdict_id)
        tally.verdicts_by_judge[trace.judge_id] += 1
        tally.verdicts_by_kind[trace.judge_kind] += 1


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
