import gzip
import hashlib

import orjson
import pytest
import zstandard

from traces.samples import generate
from traces.samples.writer import write_samples


@pytest.mark.parametrize(
    ("ending", "opened"),
    [
        ("jsonl", lambda path: path.read_bytes()),
        ("jsonl.gz", lambda path: gzip.decompress(path.read_bytes())),
        (
            "jsonl.zst",
            lambda path: zstandard.ZstdDecompressor().decompressobj().decompress(path.read_bytes()),
        ),
    ],
)
def test_a_line_a_trace_in_every_kind_of_file(tmp_path, ending, opened):
    path = tmp_path / f"samples.{ending}"
    assert write_samples(path, generate(50, 2)) == 50
    rows = [orjson.loads(line) for line in opened(path).splitlines()]
    for row, record in zip(rows, generate(50, 2), strict=True):
        assert (row["problem"], row["steps"]) == (record.problem, record.steps)
        assert (row["label"], row["step_labels"]) == (
            record.label.earliest_error,
            record.label.step_labels,
        )


@pytest.mark.parametrize("ending", ["jsonl", "jsonl.gz", "jsonl.zst"])
def test_the_same_traces_make_the_same_bytes(tmp_path, ending):
    one, two = tmp_path / f"one.{ending}", tmp_path / f"two.{ending}"
    write_samples(one, generate(50, 2))
    write_samples(two, generate(50, 2))
    assert one.read_bytes() == two.read_bytes()


def test_another_kind_of_file_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"samples.csv: a sample set is written as .jsonl"):
        write_samples(tmp_path / "samples.csv", generate(1))


def test_a_seed_gives_the_same_bytes_in_every_version(tmp_path):
    path = tmp_path / "samples.jsonl"
    write_samples(path, generate(2000, 0))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert digest == "d7a569f0e9facc3aab0d839560f060885e58ac84825020291ce724cc656f3d25"
