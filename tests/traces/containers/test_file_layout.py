import gzip

import pytest

from traces.containers import UnreadableFile, rows


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.json", b"", "is empty"),
        ("a.jsonl", b"\xef\xbb\xbf \n\n ", "is empty"),
        ("a.json", '[{"a": 1}]'.encode("utf-16"), "Save it as UTF-8"),
        ("a.bin", b"\x89PNG\r\n", "which isn't JSON, JSON Lines or Parquet"),
        ("a.txt", b"problem,steps\n", "has to end in .csv"),
        ("a.jsonl.gz", gzip.compress(b"x" * 10_000, mtime=0)[:5], "damaged from its start"),
    ],
)
def test_an_unknown_kind_of_file_is_rejected_with_a_description(tmp_path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=words):
        rows(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match="can't be opened: No such file"):
        rows(tmp_path / "none.json")
    with pytest.raises(UnreadableFile, match="can't be opened: Is a directory"):
        rows(tmp_path)
