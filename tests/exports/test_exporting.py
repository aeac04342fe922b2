"""Exports on real rows: out of the database, into files, and back through the datasets library."""

import json
from hashlib import sha256
from pathlib import Path

import datasets
import pytest
from django.core.management import CommandError, call_command

from exports import exporting
from exports.models import Export
from exports.selection import Choices
from tests.factories import (
    label,
    make_dataset,
    make_reference_judge,
    make_trace,
    make_user,
    make_verdict,
)
from traces.models import Dataset, Judge

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


def make_export(dataset: Dataset, recipe: str, **choices) -> Export:
    export = Export.objects.create(
        dataset=dataset, recipe=recipe, choices=Choices(**choices).as_json()
    )
    exporting.run_export(export.pk)
    export.refresh_from_db()
    return export


def lines(export: Export, name: str) -> list[dict]:
    text = (exporting.folder_of(export) / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_processbench_export_has_the_rows_as_they_came_in():
    dataset = make_dataset()
    wrong = make_trace(dataset, subset="gsm8k", external_id="gsm8k-1", final_answer_correct=False)
    right = make_trace(dataset, subset="gsm8k", external_id="gsm8k-2", final_answer_correct=True)
    label(wrong, 1)
    label(right, -1)
    export = make_export(dataset, "processbench")
    assert export.status == "finished"
    assert lines(export, "gsm8k.jsonl") == [
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


def test_datasets_loads_the_folder_as_it_is():
    dataset = make_dataset()
    for subset in ("gsm8k", "knights-and-knaves"):
        label(make_trace(dataset, subset=subset), 0)
    export = make_export(dataset, "processbench")
    loaded = datasets.load_dataset(
        str(exporting.folder_of(export)), cache_dir=str(exporting.folder_of(export)) + "-cache"
    )
    assert {split: rows.num_rows for split, rows in loaded.items()} == {
        "gsm8k": 1,
        "knights_and_knaves": 1,
    }


def test_manifest_tells_rule_counts_judges_and_hashes():
    dataset = make_dataset()
    verdict = label(make_trace(dataset, subset="gsm8k"), 1)
    export = make_export(dataset, "processbench", labels="reference")
    folder = exporting.folder_of(export)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest == export.manifest
    assert manifest["rule"] == {"labels": "reference", "subset": "", "generator": None}
    assert manifest["label_sources"] == {"reference": 1}
    assert [judge["id"] for judge in manifest["judges"]] == [verdict.judge_id]
    data = (folder / "gsm8k.jsonl").read_bytes()
    assert manifest["files"]["gsm8k.jsonl"] == {
        "split": "gsm8k",
        "rows": 1,
        "sha256": sha256(data).hexdigest(),
    }


def test_same_rule_on_the_same_data_gives_the_same_bytes():
    dataset = make_dataset()
    for _ in range(5):
        label(make_trace(dataset), 2)
    first, second = (make_export(dataset, "mistake-tuning") for _ in range(2))
    assert first.manifest["files"] == second.manifest["files"]


def test_mistake_tuning_takes_the_reference_where_no_trace_is_right():
    dataset = make_dataset()
    wrong = make_trace(dataset, problem="Q?", reference_solution="Because 4 + 1 = 5.")
    label(wrong, 1, error_type="calculation", explanation="4 + 1 is 5", correction="Then 5.")
    right, wrong_row = lines(make_export(dataset, "mistake-tuning"), "train.jsonl")
    assert (right["rationale"], right["source"]) == ("Because 4 + 1 = 5.", "reference")
    assert wrong_row["text"] == "Q?\n[INCORRECT RATIONALE]\n" + "\n\n".join(wrong.steps)
    assert wrong_row["first_error_step"] == 1
    assert wrong_row["error_cause"] == "4 + 1 is 5"
    assert wrong_row["source_trace_id"] == wrong.pk


def test_mistake_tuning_leaves_out_right_steps_to_a_wrong_answer():
    dataset = make_dataset()
    label(make_trace(dataset, final_answer_correct=False), -1)
    assert make_export(dataset, "mistake-tuning").row_count == 0


def test_people_who_agree_go_before_the_reference_and_those_who_differ_do_not():
    dataset = make_dataset()
    agreed, disputed = make_trace(dataset), make_trace(dataset)
    for trace in (agreed, disputed):
        label(trace, 2)
    people = [
        Judge.objects.create(kind="human", name=user.username, user=user)
        for user in (make_user(), make_user())
    ]
    for person in people:
        make_verdict(agreed, person, 0)
    make_verdict(disputed, people[0], 0)
    make_verdict(disputed, people[1], 1)
    rows = lines(make_export(dataset, "processbench"), "train.jsonl")
    assert {row["id"]: row["label"] for row in rows} == {
        agreed.external_id: 0,
        disputed.external_id: 2,
    }


def test_a_single_judge_can_be_the_source():
    dataset = make_dataset()
    trace = make_trace(dataset)
    label(trace, 2)
    person = make_user()
    judge = Judge.objects.create(kind="human", name=person.username, user=person)
    make_verdict(trace, judge, -1)
    export = make_export(dataset, "processbench", labels=str(judge.pk))
    assert [row["label"] for row in lines(export, "train.jsonl")] == [-1]


def test_hostile_text_comes_out_as_it_went_in():
    dataset = make_dataset()
    steps = ["<script>alert(1)</script>\0", "\U0010ffff \u202e end", "a\r\nb\tc"]
    label(make_trace(dataset, steps=steps, problem="\0?"), 0)
    row = lines(make_export(dataset, "processbench"), "train.jsonl")[0]
    assert row["steps"] == steps
    assert row["problem"] == "\0?"


def test_a_second_run_changes_nothing():
    dataset = make_dataset()
    label(make_trace(dataset), 0)
    export = make_export(dataset, "processbench")
    stamp = (exporting.folder_of(export) / "manifest.json").stat().st_mtime_ns
    exporting.run_export(export.pk)
    assert (exporting.folder_of(export) / "manifest.json").stat().st_mtime_ns == stamp


def test_an_unwritable_folder_is_a_sentence(settings, tmp_path: Path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    settings.DATA_DIR = blocked
    dataset = make_dataset()
    make_reference_judge(dataset)
    export = make_export(dataset, "processbench")
    assert export.status == "failed"
    assert export.error.startswith("The folder could not be written")


def test_an_empty_selection_is_an_export_without_rows():
    export = make_export(make_dataset(), "processbench")
    assert (export.status, export.row_count, export.manifest["files"]) == ("finished", 0, {})


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ({"labels": "999999999"}, "no judge has this number"),
        ({"subset": "nope"}, "has no subset 'nope'; there are: "),
    ],
)
def test_the_command_refuses_a_judge_or_subset_that_is_not_there(option, sentence: str):
    trace = make_trace(make_dataset())
    with pytest.raises(CommandError, match=sentence):
        call_command("export", trace.dataset.name, **option)
    assert not Export.objects.exists()


def test_any_other_failure_is_said_at_once():
    dataset = make_dataset()
    label(make_trace(dataset), 0)
    export = Export.objects.create(
        dataset=dataset, recipe="processbench", choices={"labels": "nobody's"}
    )
    exporting.run_export(export.pk)
    export.refresh_from_db()
    assert export.status == "failed"
    assert export.error.startswith("The export failed")
    assert not exporting.folder_of(export).exists()
