from pathlib import Path

import pytest

from training.jobs.errors import JobError
from training.jobs.files import read_json, read_run, write_json, write_run


def test_a_run_is_read_back(tmp_path: Path):
    write_run(tmp_path / "run", job="prm", export=tmp_path, settings={"base": "tiny"})
    assert read_run(tmp_path / "run") == {
        "job": "prm",
        "export": str(tmp_path.resolve()),
        "settings": {"base": "tiny"},
    }


def test_an_unknown_job_is_refused_with_the_available_ones(tmp_path: Path):
    with pytest.raises(JobError, match=r"No job 'x'\. Available jobs: prm, mistake-tuning, nft"):
        write_run(tmp_path / "run", job="x", export=tmp_path, settings={"base": "tiny"})
    assert not (tmp_path / "run").exists()


def test_invalid_settings_create_no_folder(tmp_path: Path):
    with pytest.raises(JobError, match="unknown field `speed`"):
        write_run(
            tmp_path / "run", job="prm", export=tmp_path, settings={"base": "tiny", "speed": 3}
        )
    assert not (tmp_path / "run").exists()


def test_a_folder_without_a_run_is_refused(tmp_path: Path):
    with pytest.raises(JobError, match=r"is not the folder of a run: it has no run\.json"):
        read_run(tmp_path)


def test_json_is_replaced_in_one_step(tmp_path: Path):
    path = tmp_path / "plan.json"
    assert read_json(path) is None
    write_json(path, {"steps": 1})
    write_json(path, {"steps": 2})
    assert read_json(path) == {"steps": 2}
    assert [file.name for file in tmp_path.iterdir()] == ["plan.json"]
