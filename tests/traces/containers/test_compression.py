import gzip
import json
import tracemalloc

import pytest
import zstandard

from traces.containers import rows
from traces.containers.compression import open_bytes
from traces.formats.format_reader import read_rows
from traces.records import RejectedRow

ROWS = [{"a": i, "b": "words " * (i % 50)} for i in range(3000)]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()

COMPRESS = {"gz": gzip.compress, "zst": zstandard.compress}


@pytest.mark.parametrize("ending", COMPRESS)
@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.{}", "a"])
def test_compressed_lines_are_read_under_any_name(tmp_path, ending, name):
    path = tmp_path / name.format(ending)
    path.write_bytes(COMPRESS[ending](LINES))
    assert [row for _, row in rows(path)] == ROWS


@pytest.mark.parametrize("ending", COMPRESS)
def test_compressed_documents_and_csv_are_read(tmp_path, ending):
    path = tmp_path / f"a.json.{ending}"
    path.write_bytes(COMPRESS[ending](json.dumps(ROWS).encode()))
    assert [row for _, row in rows(path)] == ROWS
    path = tmp_path / f"a.csv.{ending}"
    path.write_bytes(COMPRESS[ending](b"problem,text\np,one\n"))
    (record,) = read_rows(path)
    assert record.steps == ["one"]


@pytest.mark.parametrize("ending", COMPRESS)
def test_parts_compressed_one_after_the_other_are_one_file(tmp_path, ending):
    path = tmp_path / "a"
    half = len(LINES) // 2
    path.write_bytes(COMPRESS[ending](LINES[:half]) + COMPRESS[ending](LINES[half:]))
    with open_bytes(path) as file:
        assert file.read() == LINES


@pytest.mark.parametrize("ending", COMPRESS)
def test_a_file_cut_short_keeps_its_rows_and_says_so(tmp_path, ending):
    big = b"".join(
        json.dumps({"n": i * i * 7919 % 100_003}).encode() + b"\n" for i in range(200_000)
    )
    packed = COMPRESS[ending](big)
    path = tmp_path / f"a.jsonl.{ending}"
    path.write_bytes(packed[: len(packed) // 2])
    placed = [row for _, row in rows(path)]
    assert len(placed) > 1000
    assert placed[0] == {"n": 0}
    assert isinstance(placed[-1], RejectedRow)
    assert "ends unexpectedly here" in placed[-1].reason
    assert all(isinstance(row, dict) for row in placed[:-1])


@pytest.mark.parametrize("ending", COMPRESS)
def test_a_document_cut_short_says_so(tmp_path, ending):
    packed = COMPRESS[ending](
        json.dumps([{"n": i * i * 7919 % 100_003} for i in range(200_000)]).encode()
    )
    path = tmp_path / "a.json"
    path.write_bytes(packed[: len(packed) // 2])
    placed = [row for _, row in rows(path)]
    assert "ends unexpectedly here" in placed[-1].reason
    assert all(isinstance(row, dict) for row in placed[:-1]) and len(placed) > 1000


@pytest.mark.parametrize("ending", COMPRESS)
def test_a_small_file_does_not_fill_the_memory(tmp_path, ending):
    """A few kilobytes that stand for half a gigabyte."""
    path = tmp_path / f"a.jsonl.{ending}"
    path.write_bytes(COMPRESS[ending](bytes(512 << 20)))
    tracemalloc.start()
    try:
        with open_bytes(path) as file:
            assert file.read(1000) == bytes(1000)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 100 << 20
