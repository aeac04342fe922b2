import json
from pathlib import Path

import pytest

from traces.imports.import_job import create_import, run_import
from traces.imports.preview import dry_run, preview
from traces.imports.sources import SourceError
from traces.models import Dataset, Generator
from traces.samples import generate
from traces.samples.writer import write_samples


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    path = tmp_path / "sample.jsonl"
    write_samples(path, generate(200, 4))
    return path


@pytest.mark.django_db
def test_preview_returns_rows_and_stores_nothing(samples: Path):
    shown = preview(str(samples), limit=3)
    assert shown.format == "misstep"
    assert [row.id for row in shown.records] == [row.id for row in generate(3, 4)]
    assert shown.rejections == []
    assert not Dataset.objects.exists()


@pytest.mark.django_db
def test_dry_run_counts_the_rows_of_an_import(samples: Path):
    first = dry_run(dataset_name="set", source=str(samples))
    assert first.counts.traces_new == 200
    assert not Dataset.objects.exists()
    assert not Generator.objects.exists()

    run_import(create_import(dataset_name="set", source=str(samples)).pk)
    lines = samples.read_text().splitlines()
    row = json.loads(lines[0])
    lines[0] = json.dumps({**row, "steps": ["Other."], "label": -1, "step_labels": None})
    samples.write_text("\n".join([*lines, "{"]))
    second = dry_run(dataset_name="set", source=str(samples))
    assert (second.counts.traces_known, second.counts.rejected) == (199, 2)
    assert [row.line for row in second.rejections] == [1, 201]


@pytest.mark.django_db
def test_rejected_rows_are_previewed_with_the_others(tmp_path: Path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"problem": "2 + 2?", "steps": ["4"]}\n{\n{"problem": "", "steps": ["4"]}\n')
    shown = preview(str(path), "general", limit=10)
    assert (shown.format, len(shown.records)) == ("general", 1)
    assert [row.line for row in shown.rejections] == [2, 3]
    result = dry_run(dataset_name="set", source=str(path), format="general", limit=1)
    assert (result.counts.rejected, len(result.rejections)) == (2, 1)


def test_a_source_that_is_missing_is_an_error(tmp_path: Path):
    with pytest.raises(SourceError, match="no file"):
        preview(str(tmp_path / "none.jsonl"))
