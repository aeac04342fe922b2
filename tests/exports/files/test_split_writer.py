"""The files of one split while they are written."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from exports.files.layout import Layout
from exports.files.split_writer import PARTIAL, SplitWriter
from exports.recipes.base import Column
from tests.exports.exported import file_rows
from tests.exports.recipes.attempts import right

COLUMNS = {"n": Column("int64", "a number")}


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[SplitWriter]:
    for name in ("data", "lineage"):
        (tmp_path / name).mkdir()
    with ThreadPoolExecutor(max_workers=1) as executor:
        yield SplitWriter(
            tmp_path,
            "train",
            file_format="jsonl",
            columns=COLUMNS,
            layout=Layout(rows_per_file=2, compression="none"),
            executor=executor,
        )


def test_rows_fill_files_of_the_maximum_size(writer: SplitWriter, tmp_path: Path):
    writer.add(7, [({"n": n}, (right(),)) for n in range(5)])
    files = writer.finish()
    names = [f"data/train-0000{n}-of-00003.jsonl" for n in range(3)]
    assert [(file.name, file.rows) for file in files] == [
        *zip(names, [2, 2, 1], strict=True),
        ("lineage/train.parquet", 5),
    ]
    rows = [row for name in names for row in file_rows(tmp_path / name)]
    assert rows == [{"n": n} for n in range(5)]
    assert len(list(file_rows(tmp_path / "lineage/train.parquet"))) == 5


def test_a_closed_split_leaves_partial_names_only(writer: SplitWriter, tmp_path: Path):
    writer.add(7, [({"n": 1}, ())])
    writer.close()
    assert [path.name for path in (tmp_path / "data").iterdir()] == [f"train-00000{PARTIAL}"]
