import json
import tracemalloc
from datetime import datetime
from decimal import Decimal

import pyarrow
import pyarrow.parquet
import pytest

from tests.traces.formats.inline_rows import ROWS, row_of
from traces.containers import Layout, UnreadableFile, layout_of, rows
from traces.formats.format_reader import read_rows


def write(path, table_rows):
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(table_rows), path)
    return path


def test_rows_come_back_over_many_batches(tmp_path):
    kept = [{"a": i, "b": [str(i)], "c": {"d": None}} for i in range(1500)]
    path = write(tmp_path / "a.parquet", kept)
    assert layout_of(path) is Layout.PARQUET
    assert list(rows(path)) == list(enumerate(kept, start=1))


def test_rows_of_megabytes_are_not_held_by_the_hundred(tmp_path):
    path = write(tmp_path / "a.parquet", [{"a": chr(48 + i) * 1_000_000} for i in range(64)])
    tracemalloc.start()
    try:
        assert sum(len(row["a"]) for _, row in rows(path)) == 64_000_000
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 40_000_000


def test_parquet_is_detected_under_any_name(tmp_path):
    assert list(rows(write(tmp_path / "a.json", [{"a": "x"}]))) == [(1, {"a": "x"})]


def test_values_that_json_has_not_become_ones_that_it_has(tmp_path):
    row = {
        "number": float("nan"),
        "bytes": b"a\xff",
        "time": datetime(2024, 1, 2, 3, 4, 5),
        "decimal": Decimal("1.50"),
        "many": [1.5, float("inf")],
    }
    assert list(rows(write(tmp_path / "a.parquet", [row]))) == [
        (
            1,
            {
                "number": None,
                "bytes": "a\\xff",
                "time": "2024-01-02T03:04:05",
                "decimal": "1.50",
                "many": [1.5, None],
            },
        )
    ]


@pytest.mark.parametrize("name", [name for name in ROWS if name != "deltabench"])
def test_each_format_reads_the_same_from_parquet(tmp_path, name):
    path = write(tmp_path / "a.parquet", [ROWS[name]])
    expected = list(read_lines(tmp_path, name))
    records = list(read_rows(path))
    assert [(r.problem, r.steps, r.label, r.id) for r in records] == [
        (r.problem, r.steps, r.label, r.id) for r in expected
    ]


def read_lines(folder, name):
    path = folder / "a.jsonl"
    path.write_text(json.dumps(row_of(name)))
    return read_rows(path)


def test_a_file_cut_short_is_refused_in_words(tmp_path):
    path = write(tmp_path / "a.parquet", [{"a": "x"}] * 100)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(UnreadableFile, match="not a complete Parquet file"):
        list(rows(path))
