import json
from pathlib import Path

import pytest

from inference.backends.interface import BackendError
from inference.backends.vllm.server_options import ServerSettings, read_settings
from inference.backends.vllm.server_spec import (
    ServerSpec,
    select_gpus,
    server_command,
    server_environment,
)

SETTINGS = ServerSettings(python="/opt/vllm/bin/python", folder=Path("/tmp/vllm"))
CRITIC = ServerSpec("owner/critic", Path("/models/critic"))


def option(line: list[str], name: str) -> str:
    return line[line.index(name) + 1]


def test_a_critics_server_takes_its_recipe_alone_and_caches_beginnings():
    line = server_command(CRITIC, SETTINGS, 8001)
    assert line[:3] == ["/opt/vllm/bin/python", "-m", "vllm.entrypoints.openai.api_server"]
    assert option(line, "--model") == "/models/critic"
    assert option(line, "--served-model-name") == "owner/critic"
    assert option(line, "--host") == "127.0.0.1"
    assert option(line, "--runner") == "generate"
    assert option(line, "--generation-config") == "vllm"
    assert "--enable-prefix-caching" in line
    assert "--max-model-len" not in line
    assert "--trust-remote-code" not in line


def test_a_prms_server_pools():
    pooler = json.dumps({"step_tag_id": 7})
    serving = ServerSpec(
        "prm", Path("/prm"), runner="pooling", pooler=pooler, max_model_len=512, convert="classify"
    )
    line = server_command(serving, SETTINGS, 8001)
    assert option(line, "--pooler-config") == pooler
    assert option(line, "--max-model-len") == "512"
    assert option(line, "--convert") == "classify"
    assert "--enable-prefix-caching" not in line


def test_the_key_is_in_the_environment_and_not_on_the_command_line():
    assert server_environment("secret")["VLLM_API_KEY"] == "secret"
    assert "--api-key" not in server_command(CRITIC, SETTINGS, 8001)


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("MISSTEP_VLLM_PYTHON", "/opt/vllm/bin/python")
    monkeypatch.setenv("MISSTEP_VLLM_FOLDER", str(tmp_path))
    monkeypatch.setenv("MISSTEP_VLLM_GPU_MEMORY", "0.45")
    monkeypatch.setenv("MISSTEP_VLLM_ARGUMENTS", "--enforce-eager --seed '7'")
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2, 3")
    settings = read_settings()
    assert settings == ServerSettings(
        python="/opt/vllm/bin/python",
        folder=tmp_path,
        gpu_memory=0.45,
        arguments=("--enforce-eager", "--seed", "7"),
        gpus=("2", "3"),
    )
    line = server_command(CRITIC, settings, 8001)
    assert option(line, "--gpu-memory-utilization") == "0.45"
    assert line[-3:] == ["--enforce-eager", "--seed", "7"]


@pytest.mark.parametrize("text", ["0", "1.5", "much", "nan", "-1"])
def test_a_share_of_memory_that_is_none_is_a_sentence(monkeypatch: pytest.MonkeyPatch, text: str):
    monkeypatch.setenv("MISSTEP_VLLM_GPU_MEMORY", text)
    with pytest.raises(BackendError, match="write a number above 0 and up to 1"):
        read_settings()


def test_a_model_takes_the_first_of_the_gpus_that_the_worker_may_use():
    two = ServerSettings(python="", folder=Path(), gpus=("4", "5"))
    assert select_gpus(CRITIC, two) == ["4"]
    cut = ServerSpec("m", Path(), tensor_parallel=2)
    assert select_gpus(cut, two) == ["4", "5"]
    assert select_gpus(cut, SETTINGS) == ["0", "1"]
    with pytest.raises(BackendError, match="on 3 GPUs, and this worker may use 2"):
        select_gpus(ServerSpec("m", Path(), tensor_parallel=3), two)
