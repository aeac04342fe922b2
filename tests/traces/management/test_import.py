import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from traces.models import Dataset, Import, Trace

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "my sample.jsonl"
    call_command("sample", count=30, seed=2, output=path, stdout=StringIO())
    return path


def said(*arguments: Any) -> str:
    out = StringIO()
    call_command("import", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_import_prints_the_counts(sample: Path):
    text = said(sample)
    assert "30  rows read" in text
    assert "30  new traces" in text
    assert Dataset.objects.get().name == "my-sample"
    assert "30  traces already imported" in said(sample)


def test_import_prints_the_first_rejected_rows_and_reports_all(sample: Path, tmp_path: Path):
    bad = "\n".join(["{"] * 7)
    sample.write_text(sample.read_text() + bad)
    report = tmp_path / "refused.jsonl"
    text = said(sample, "--dataset", "set", "--report", report)
    assert text.count("\nline 3") == 5
    assert str(report) in text
    rows = [json.loads(line) for line in report.read_text().splitlines()]
    assert [row["line"] for row in rows] == list(range(31, 38))
    assert all(row["reason"] for row in rows)
    assert "2 more" in said(sample, "--dataset", "set")


def test_dry_run_stores_nothing(sample: Path):
    text = said(sample, "--dry-run")
    assert text.startswith("Nothing was stored")
    assert "30  new traces" in text
    assert not Dataset.objects.exists()
    assert not Import.objects.exists()


def test_options_reach_the_reader(tmp_path: Path):
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"q": "What?", "s": "one##two"}))
    said(
        path, "--format", "general", "--map", "problem=q", "--map", "text=s",
        "--cut", "marker", "--marker", "##", "--generator", "model-a", "--subset", "easy",
    )  # fmt: skip
    trace = Trace.objects.select_related("problem", "generator").get()
    assert trace.steps == ["one", "two"]
    assert (trace.generator.name, trace.problem.subset) == ("model-a", "easy")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["nowhere.jsonl"], "There is no file"),
        (["hub:x"], "hub:owner/name"),
        (["a.jsonl", "--revision", "main"], "--revision"),
        (["a.jsonl", "--map", "problem"], "FIELD=PATH"),
        (["a.jsonl", "--map", "nosuch=x"], "nosuch"),
        (["a.jsonl", "--dataset", "a b"], "letters"),
        (["a.jsonl", "--cut", "marker"], "marker"),
    ],
)
def test_wrong_arguments_are_errors(arguments: list[str], word: str):
    with pytest.raises(CommandError, match=word):
        said(*arguments)


def test_a_mapping_alone_means_the_general_format(tmp_path: Path):
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"q": "What?", "s": "one\n\ntwo"}))
    assert "1  new traces" in said(path, "--map", "problem=q", "--map", "text=s")
    assert Import.objects.get().format == "general"


def test_refusals_of_a_whole_row_or_file_name_no_empty_place(tmp_path: Path):
    (tmp_path / "known.jsonl").write_text('{"problem": "2 + 2?", "steps": ["4"]}\n{')
    (tmp_path / "other.jsonl").write_text('{"x": 1}')
    text = said(tmp_path, "--dataset", "set")
    assert "\nline 2: not valid JSON" in text
    assert "\nother.jsonl: Couldn't detect the format" in text


def test_a_report_in_no_folder_is_refused_before_anything_is_stored(sample: Path):
    with pytest.raises(CommandError, match="the folder doesn't exist"):
        said(sample, "--report", sample.parent / "none" / "rows.jsonl")
    assert not Import.objects.exists()
