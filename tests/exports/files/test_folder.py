"""An export's folder, from the first row to the rename."""

import gc
import json
from array import array
from pathlib import Path

import pytest

from exports.files.folder import (
    CARD,
    ExportStats,
    Plan,
    publish_folder,
    split_name,
    unique,
    write_folder,
)
from exports.files.layout import Layout
from exports.files.manifest import MANIFEST
from exports.recipes import RECIPES
from tests.exports.exported import file_rows
from tests.exports.recipes.attempts import right, wrong


def describe(stats: ExportStats) -> dict[str, object]:
    return {
        "dataset": "sums",
        "traces": len(stats.trace_ids),
        "problems": len(stats.problem_ids),
        "label_sources": {},
    }


def plan(recipe: str = "sft") -> Plan:
    found = RECIPES[recipe]
    return Plan(found, found.options(), Layout(compression="none"), describe)


def test_a_folder_has_rows_lineage_card_and_manifest(tmp_path: Path):
    good, bad = right(split="train"), wrong(split="train")
    heard = []
    written = write_folder(
        tmp_path / "x.partial", plan(), iter([[good, bad]]), lambda *counts: heard.append(counts)
    )
    assert heard == [(2, 1)]
    assert written.tally.traces_seen == 2
    assert written.tally.trace_ids.tolist() == [good.trace_id]
    publish_folder(written, tmp_path / "x")
    assert not (tmp_path / "x.partial").exists()
    manifest = json.loads((tmp_path / "x" / MANIFEST).read_text())
    assert manifest["splits"] == {"train": 1}
    assert CARD in manifest["other_files"]
    (name,) = manifest["files"]
    (row,) = file_rows(tmp_path / "x" / name)
    assert row["trace_id"] == good.trace_id


def test_a_benchmark_recipe_makes_a_split_of_each_subset(tmp_path: Path):
    problems = [[right(subset="easy sums")], [right(subset="")]]
    written = write_folder(
        tmp_path / "x.partial", plan("processbench"), iter(problems), lambda *counts: None
    )
    assert written.manifest["splits"] == {"easy_sums": 1, "train": 1}


def test_a_failure_between_rows_leaves_no_manifest_and_the_collector_on(tmp_path: Path):
    def problems():
        yield [right()]
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_folder(tmp_path / "x.partial", plan(), problems(), lambda *counts: None)
    assert not (tmp_path / "x.partial" / MANIFEST).exists()
    assert gc.isenabled()


@pytest.mark.parametrize(
    ("name", "expected"),
    [("train", "train"), ("a-b c", "a_b_c"), ("é", "train"), ("", "train"), ("__x__", "x")],
)
def test_split_names_are_those_of_the_datasets_library(name: str, expected: str):
    assert split_name(name) == expected


def test_unique_sorts_and_drops_repeats():
    assert unique([array("q", [3, 1]), array("q"), array("q", [3])]).tolist() == [1, 3]
    assert unique([]).tolist() == []
