"""Files of rows, and their hashes."""

import hashlib
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import zstandard

from exports.files.layout import Layout
from exports.files.rows import BATCH, HashedFile, ending, open_row_file
from exports.recipes.base import Column

COLUMNS = {"n": Column("int64", "a number"), "text": Column("string", "a text")}
ROWS = [{"n": n, "text": "é\n" * n} for n in range(2 * BATCH + 1)]


def write(path: Path, file_format: str, layout: Layout) -> HashedFile:
    file = open_row_file(path, file_format, COLUMNS, layout)
    for row in ROWS:
        file.add(row)
    file.write(file.take())
    assert file.take() == []
    file.close()
    return file.file


@pytest.mark.parametrize("compression", ["zstd", "none"])
@pytest.mark.parametrize("file_format", ["jsonl", "parquet"])
def test_rows_come_back_as_they_were(tmp_path: Path, file_format: str, compression: str):
    path = tmp_path / "rows"
    file = write(path, file_format, Layout(compression=compression))
    if file_format == "parquet":
        assert pq.read_table(path).to_pylist() == ROWS
    else:
        data = path.read_bytes()
        if compression == "zstd":
            data = zstandard.ZstdDecompressor().stream_reader(data).read()
        assert [json.loads(line) for line in data.decode().split("\n")[:-1]] == ROWS
    assert file.size == path.stat().st_size
    assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("file_format", ["jsonl", "parquet"])
def test_the_same_rows_give_the_same_bytes(tmp_path: Path, file_format: str):
    first = write(tmp_path / "first", file_format, Layout())
    second = write(tmp_path / "second", file_format, Layout())
    assert first.sha256 == second.sha256


def test_an_abandoned_file_takes_no_more_bytes(tmp_path: Path):
    file = HashedFile(tmp_path / "file")
    file.write(b"kept")
    file.abandon()
    file.write(b"lost")
    file.close()
    assert (tmp_path / "file").read_bytes() == b"kept"
    assert file.sha256 == hashlib.sha256(b"kept").hexdigest()


@pytest.mark.parametrize(
    ("file_format", "compression", "expected"),
    [("jsonl", "zstd", ".jsonl.zst"), ("jsonl", "none", ".jsonl"), ("parquet", "zstd", ".parquet")],
)
def test_the_ending_names_format_and_compression(file_format, compression, expected):
    assert ending(file_format, Layout(compression=compression)) == expected
