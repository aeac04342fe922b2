from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "my sample.jsonl"
    call_command("sample", count=30, seed=2, output=path, stdout=StringIO())
    return path


def test_sample_writes_the_same_traces_for_the_same_seed(sample: Path, tmp_path: Path):
    again = tmp_path / "again.jsonl"
    call_command("sample", count=30, seed=2, output=again, stdout=StringIO())
    assert again.read_bytes() == sample.read_bytes()
    with pytest.raises(CommandError, match="at least 1"):
        call_command("sample", count=0, output=again)


def test_sample_names_a_missing_folder(tmp_path: Path):
    with pytest.raises(CommandError, match="the folder doesn't exist"):
        call_command("sample", count=1, output=tmp_path / "none" / "rows.jsonl")
