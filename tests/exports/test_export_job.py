"""Exports on real rows: out of the database, into files, and back through the datasets library."""

import errno
import json
from hashlib import sha256
from pathlib import Path

import datasets
import pytest

from exports import export_job
from exports.curation import read
from exports.curation.rule import Rule
from exports.curation.rule_versions import save_rule
from exports.export_job import new_export
from exports.files import split_writer
from exports.models import Export
from exports.storage.export_store import folder_of
from tests.exports.exported import make_export, rows_of
from tests.factories import (
    label,
    make_dataset,
    make_reference_judge,
    make_trace,
)

pytestmark = pytest.mark.django_db(transaction=True)

LAYOUTS = [{"compression": "none"}, {}, {"file_format": "parquet"}]


def load(export: Export) -> datasets.DatasetDict:
    folder = folder_of(export)
    return datasets.load_dataset(str(folder), cache_dir=f"{folder}-cache")


def test_processbench_export_has_the_rows_as_they_came_in():
    dataset = make_dataset()
    wrong = make_trace(dataset, subset="gsm8k", external_id="gsm8k-1", final_answer_correct=False)
    right = make_trace(dataset, subset="gsm8k", external_id="gsm8k-2", final_answer_correct=True)
    label(wrong, 1)
    label(right, -1)
    export = make_export(dataset, "processbench")
    assert export.status == "finished"
    assert rows_of(export, "gsm8k") == [
        {
            "id": trace.external_id,
            "generator": "model-a",
            "problem": trace.problem.text,
            "steps": trace.steps,
            "final_answer_correct": trace.final_answer_correct,
            "label": found,
        }
        for trace, found in ((wrong, 1), (right, -1))
    ]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_datasets_loads_the_folder_as_it_is(layout: dict):
    dataset = make_dataset()
    for subset in ("gsm8k", "knights-and-knaves"):
        label(make_trace(dataset, subset=subset), 0)
    loaded = load(make_export(dataset, "processbench", layout=layout))
    assert {split: rows.num_rows for split, rows in loaded.items()} == {
        "gsm8k": 1,
        "knights_and_knaves": 1,
    }
    # No row says whether its answer is right, and the column is still one of truths.
    assert str(loaded["gsm8k"].features["final_answer_correct"].dtype) == "bool"


def test_manifest_tells_rule_counts_judges_schema_and_hashes():
    dataset = make_dataset()
    verdict = label(make_trace(dataset, subset="gsm8k"), 1)
    rule = save_rule(dataset, "mine", Rule(labels=("reference",), seed=3), created_by=None)
    export = make_export(dataset, "processbench", rule)
    folder = folder_of(export)
    written = (folder / "manifest.json").read_bytes()
    manifest = json.loads(written)
    assert manifest == export.manifest
    assert export.fingerprint == sha256(written).hexdigest()
    assert (manifest["rule"]["name"], manifest["rule"]["version"]) == ("mine", 1)
    assert manifest["rule"]["choices"]["labels"] == ["reference"]
    assert manifest["rule"]["choices"]["seed"] == 3
    assert manifest["label_sources"] == {"reference": 1}
    assert [(judge["id"], judge["verdicts"]) for judge in manifest["judges"]] == [
        (verdict.judge_id, 1)
    ]
    assert manifest["schema"]["steps"]["type"] == "list of string"
    listed = manifest["files"] | manifest["other_files"]
    on_disk = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert set(listed) == set(on_disk)
    for name, data in on_disk.items():
        assert listed[name]["sha256"] == sha256(data).hexdigest()
        assert listed[name]["bytes"] == len(data)


@pytest.mark.parametrize("file_format", ["jsonl", "parquet"])
def test_same_rule_on_the_same_data_gives_the_same_bytes(file_format: str):
    dataset = make_dataset()
    for number in range(7):
        label(make_trace(dataset), number % 3 - 1)
    layout = {"file_format": file_format, "rows_per_file": 3}
    rule = Rule(validation=0.3, seed=5)
    first, second = (make_export(dataset, "prm", rule, layout=layout) for _ in range(2))
    files = [
        {
            str(path.relative_to(folder_of(export))): path.read_bytes()
            for path in folder_of(export).rglob("*")
            if path.is_file()
        }
        for export in (first, second)
    ]
    assert len(files[0]) >= 5
    assert files[0] == files[1]
    assert first.fingerprint == second.fingerprint


@pytest.mark.parametrize("layout", LAYOUTS)
def test_hostile_text_comes_out_as_it_went_in(layout: dict):
    dataset = make_dataset()
    steps = ["<script>alert(1)</script>\0", "\U0010ffff \u202e end", "a\r\nb\tc", "\u2028\ufeff"]
    label(make_trace(dataset, steps=steps, problem="\0?"), 0, explanation="\0 is no\0ne")
    export = make_export(dataset, "processbench", layout=layout)
    (row,) = rows_of(export)
    assert (row["problem"], row["steps"]) == ("\0?", steps)
    loaded = load(export)["train"][0]
    assert (loaded["problem"], loaded["steps"]) == ("\0?", steps)
    (row,) = rows_of(make_export(dataset, "mistake-tuning", layout=layout))
    assert row["error_cause"] == "\0 is no\0ne"


def test_files_are_cut_at_their_most_rows_and_read_in_order():
    dataset = make_dataset()
    traces = [make_trace(dataset) for _ in range(7)]
    for trace in traces:
        label(trace, -1)
    export = make_export(dataset, "processbench", layout={"rows_per_file": 3})
    files = export.manifest["files"]
    assert {name: file["rows"] for name, file in files.items()} == {
        "data/train-00000-of-00003.jsonl.zst": 3,
        "data/train-00001-of-00003.jsonl.zst": 3,
        "data/train-00002-of-00003.jsonl.zst": 1,
    }
    assert load(export)["train"]["id"] == [trace.external_id for trace in traces]


def test_attempts_that_are_alike_stay_where_they_are_samples():
    dataset = make_dataset()
    for number in range(4):
        label(make_trace(dataset, problem="p", steps=["a"]), -1 if number == 0 else 0)
    export = make_export(dataset, "nft-rollouts")
    (row,) = rows_of(export)
    assert (row["k"], row["r_q"]) == (4, 0.25)
    assert export.manifest["left_out"] == {}
    assert make_export(dataset, "prm").manifest["left_out"] == {"duplicate traces": 3}


def test_a_second_run_changes_nothing():
    dataset = make_dataset()
    label(make_trace(dataset), 0)
    export = make_export(dataset, "processbench")
    stamp = (folder_of(export) / "manifest.json").stat().st_mtime_ns
    export_job.run_export(export.pk)
    assert (folder_of(export) / "manifest.json").stat().st_mtime_ns == stamp


def test_an_unwritable_folder_is_a_sentence(settings, tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    settings.DATA_DIR = blocked
    dataset = make_dataset()
    make_reference_judge(dataset)
    export = make_export(dataset, "processbench")
    assert export.status == "failed"
    assert export.error.startswith("The folder couldn't be written")


@pytest.mark.parametrize("file_format", ["jsonl", "parquet"])
def test_a_disk_that_fills_up_in_the_middle_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, file_format: str
):
    dataset = make_dataset()
    for _ in range(4 * read.BATCH):
        label(make_trace(dataset), 1)

    def full(*given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(split_writer, "ROWS_AT_ONCE", 10)
    monkeypatch.setattr(split_writer, "_write", full)
    export = make_export(dataset, layout={"file_format": file_format})
    assert export.status == "failed"
    assert export.error == "The folder couldn't be written: No space left on device."
    assert not folder_of(export).exists()
    # The rows that were still on their way are in nobody's way.
    assert make_export(dataset, rule=Rule(finding="right")).row_count == 0


def test_an_empty_selection_is_an_export_without_rows():
    export = make_export(make_dataset(), "processbench")
    assert (export.status, export.row_count, export.manifest["files"]) == ("finished", 0, {})


def test_any_other_failure_is_said_at_once():
    dataset = make_dataset()
    label(make_trace(dataset), 0)
    export = new_export(dataset, recipe="processbench")
    Export.objects.filter(pk=export.pk).update(layout={"compression": "zip"})
    export_job.run_export(export.pk)
    export.refresh_from_db()
    assert export.status == "failed"
    assert export.error.startswith("The export failed")
    assert not folder_of(export).exists()
