"""One server process: it starts, is healthy, and ends with all its children."""

from pathlib import Path

import httpx
import pytest

from inference.backends.interface import BackendError
from inference.backends.vllm.server_options import ServerSettings
from inference.backends.vllm.server_process import ServerProcess, require_python
from inference.backends.vllm.server_spec import ServerSpec
from tests.inference.backends.vllm.stand_in import make_stand_in


@pytest.fixture
def settings(tmp_path: Path) -> ServerSettings:
    return ServerSettings(python=make_stand_in(tmp_path), folder=tmp_path / "vllm")


def spec(tmp_path: Path, mark: str = "") -> ServerSpec:
    folder = tmp_path / "model"
    folder.mkdir()
    if mark:
        (folder / mark).touch()
    return ServerSpec("model", folder)


def test_a_process_starts_and_ends(settings: ServerSettings, tmp_path: Path):
    process = ServerProcess(spec(tmp_path), settings, locks=[])
    process.wait_until_ready()
    assert process.is_healthy()
    assert httpx.get(f"{process.address}/v1/models").status_code == httpx.codes.UNAUTHORIZED
    process.end()
    process.end()
    assert not process.is_alive()
    assert not process.is_healthy()


def test_a_broken_model_says_why(settings: ServerSettings, tmp_path: Path):
    process = ServerProcess(spec(tmp_path, "broken"), settings, locks=[])
    with pytest.raises(BackendError, match="The model is broken"):
        process.wait_until_ready()
    assert not process.is_alive()


def test_a_missing_python_is_a_sentence(tmp_path: Path):
    with pytest.raises(BackendError, match="there is no such program"):
        require_python(ServerSettings(python="/no/python", folder=tmp_path))
