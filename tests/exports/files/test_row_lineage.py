"""The lineage file of a split."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from exports.files import row_lineage
from exports.files.row_lineage import LineageFile
from tests.exports.recipes.attempts import right, wrong


def test_each_row_has_its_problem_traces_and_verdicts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(row_lineage, "ROW_GROUP", 2)
    file = LineageFile(tmp_path / "lineage.parquet")
    good, bad = right(), wrong()
    file.add(1, (good, bad))
    file.add(2, ())
    file.add(3, (bad,))
    file.close()
    assert pq.ParquetFile(tmp_path / "lineage.parquet").num_row_groups == 2
    assert pq.read_table(tmp_path / "lineage.parquet").to_pylist() == [
        {
            "row": 0,
            "problem_id": 1,
            "trace_ids": [good.trace_id, bad.trace_id],
            "verdict_ids": [good.verdict_id, bad.verdict_id],
        },
        {"row": 1, "problem_id": 2, "trace_ids": [], "verdict_ids": []},
        {
            "row": 2,
            "problem_id": 3,
            "trace_ids": [bad.trace_id],
            "verdict_ids": [bad.verdict_id],
        },
    ]


def test_a_file_without_rows_is_a_readable_table(tmp_path: Path):
    LineageFile(tmp_path / "empty.parquet").close()
    assert pq.read_table(tmp_path / "empty.parquet").num_rows == 0
