"""Writing an export's folder: one JSONL file a split, a dataset card, the manifest last.

The folder is written under another name and appears by a rename when it is complete, so a folder
without `.partial` in its name is whole.
"""

import hashlib
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from exports.cards import dataset_card
from exports.labelled import LabelledTrace
from exports.recipes.base import Recipe, Row

Progress = Callable[[int], None]
PROGRESS_EVERY = 1_000


def split_name(name: str) -> str:
    """`name` as the datasets library takes a split's name: letters, digits, underscores."""
    return re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_") or "train"


@dataclass(slots=True)
class SplitFile:
    """One JSONL file while it is written: its rows counted, its bytes hashed as they go."""

    path: Path
    rows: int = 0
    digest: Any = field(default_factory=hashlib.sha256)
    stream: BinaryIO | None = None

    def write(self, row: Row) -> None:
        if self.stream is None:
            self.stream = self.path.open("wb", buffering=1 << 20)
        line = orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)
        self.digest.update(line)
        self.stream.write(line)
        self.rows += 1

    def close(self) -> None:
        if self.stream is not None:
            self.stream.flush()
            os.fsync(self.stream.fileno())
            self.stream.close()


@dataclass(slots=True)
class Tally:
    """What went into an export, counted on the way."""

    traces: int = 0
    rows: int = 0
    verdicts_by_judge: Counter[int] = field(default_factory=Counter)
    verdicts_by_source: Counter[str] = field(default_factory=Counter)


def write_folder(
    target: Path,
    recipe: Recipe,
    problems: Iterator[list[LabelledTrace]],
    *,
    about: dict[str, Any],
    describe_judges: Callable[[Counter[int]], list[dict[str, Any]]],
    progress: Progress,
) -> dict[str, Any]:
    """Write the export to `target`, which must not exist, and return its manifest."""
    partial = target.with_name(target.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    files: dict[str, SplitFile] = {}
    tally = _write_rows(partial, recipe, problems, files, progress)
    manifest = {
        **about,
        "recipe": recipe.name,
        "code_version": version("misstep"),
        "traces": tally.traces,
        "rows": tally.rows,
        "label_sources": dict(sorted(tally.verdicts_by_source.items())),
        "judges": describe_judges(tally.verdicts_by_judge),
        "fields": {name: column.meaning for name, column in recipe.columns.items()},
        "files": {
            item.path.name: {"split": split, "rows": item.rows, "sha256": item.digest.hexdigest()}
            for split, item in sorted(files.items())
        },
    }
    (partial / "README.md").write_text(dataset_card(recipe, manifest), encoding="utf-8")
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    (partial / "manifest.json").write_bytes(orjson.dumps(manifest, option=options))
    partial.rename(target)
    return manifest


def _write_rows(
    folder: Path,
    recipe: Recipe,
    problems: Iterator[list[LabelledTrace]],
    files: dict[str, SplitFile],
    progress: Progress,
) -> Tally:
    tally = Tally()
    reported = 0
    try:
        for traces in problems:
            tally.traces += len(traces)
            for trace in traces:
                tally.verdicts_by_judge[trace.judge_id] += 1
                tally.verdicts_by_source[trace.judge_kind] += 1
            for row, _ in recipe.rows(traces, recipe.options()):
                split = split_name(traces[0].subset if recipe.splits_by_subset else traces[0].split)
                if split not in files:
                    files[split] = SplitFile(folder / f"{split}.jsonl")
                files[split].write(row)
                tally.rows += 1
            if tally.rows - reported >= PROGRESS_EVERY:
                reported = tally.rows
                progress(reported)
    finally:
        for item in files.values():
            item.close()
    return tally
