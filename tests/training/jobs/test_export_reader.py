"""Complete export folders, and every way in which one can be incomplete."""

import gzip
import hashlib

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from tests.training.tiny import step_rows, write_export
from training.jobs.errors import JobError
from training.jobs.export_reader import open_export


@pytest.fixture
def folder(tmp_path):
    return write_export(tmp_path / "export", "prm", step_rows(5), test=step_rows(2))


def opened(folder):
    return open_export(folder, recipes=("prm",))


def add(folder, name, data):
    """Add a file to the folder and to the manifest."""
    manifest = orjson.loads((folder / "manifest.json").read_bytes())
    (folder / name).write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()
    manifest["files"][name] = {"split": "train", "rows": 1, "sha256": digest}
    (folder / "manifest.json").write_bytes(orjson.dumps(manifest))


def test_the_rows_of_a_split_come_back(folder):
    export = opened(folder)
    assert list(export.rows("train")) == step_rows(5)
    assert list(export.rows("test")) == step_rows(2)
    assert list(export.rows("validation")) == []


def test_compressed_files_and_parquet_are_read(folder, tmp_path):
    line = orjson.dumps(step_rows(3)[2]) + b"\n"
    add(folder, "train-1.jsonl.zst", zstandard.compress(line))
    add(folder, "train-2.jsonl.gz", gzip.compress(line))
    pq.write_table(pa.Table.from_pylist([step_rows(3)[2]]), tmp_path / "x.parquet")
    add(folder, "train-3.parquet", (tmp_path / "x.parquet").read_bytes())
    rows = list(opened(folder).rows("train"))
    assert len(rows) == 8
    assert [row for row in rows if row == step_rows(3)[2]] == [step_rows(3)[2]] * 4


@pytest.mark.parametrize(
    ("breaking", "message"),
    [
        (lambda folder: (folder / "manifest.json").unlink(), "manifest.json can't be read"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "is not JSON"),
        (lambda folder: (folder / "manifest.json").write_text("{}"), "lists no files"),
        (lambda folder: (folder / "manifest.json").write_text('{"files": {}}'), "no recipe"),
        (
            lambda folder: (folder / "manifest.json").write_text('{"files": {}, "recipe": "prm"}'),
            "has no rows",
        ),
        (
            lambda folder: (folder / "train.jsonl").unlink(),
            "is in the manifest but missing",
        ),
        (lambda folder: (folder / "train.jsonl").write_text("{}\n"), "its sha256 differs"),
    ],
)
def test_an_incomplete_folder_is_refused_with_a_message(folder, breaking, message):
    breaking(folder)
    with pytest.raises(JobError, match=message):
        opened(folder)


def test_a_folder_that_is_being_written_is_refused(folder):
    partial = folder.rename(folder.with_name("export.partial"))
    with pytest.raises(JobError, match="an unfinished export"):
        opened(partial)


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(JobError, match="is not an export"):
        opened(tmp_path / "nowhere")


def test_a_line_that_is_not_json_is_named(folder):
    add(folder, "train-1.jsonl", b'{"prompt": 1}\n{"prom\n')
    with pytest.raises(JobError, match=r"train-1.jsonl, line 2, is not JSON"):
        list(opened(folder).rows("train"))
