import importlib.util
import platform
from pathlib import Path

import pytest

from misstep.local import addresses, valkey
from misstep.local.errors import LocalServiceError
from misstep.local.processes import spawn
from tests.waiting import comes_true


def test_the_server_keeps_to_its_socket_and_its_data(home: Path) -> None:
    settings = valkey.settings()
    assert (settings["port"], settings["unixsocketperm"]) == ("0", "700")
    assert settings["unixsocket"] == str(addresses.valkey_socket())
    assert (settings["appendonly"], settings["maxmemory-policy"]) == ("yes", "noeviction")
    assert valkey.program().command[0] == str(valkey.binary())


def test_a_leftover_server_saves_its_data_and_exits(home: Path) -> None:
    assert not valkey.is_running()
    valkey.end_leftover()  # there is none
    valkey.prepare()
    assert addresses.valkey_folder().stat().st_mode & 0o777 == 0o700
    server = spawn(valkey.program())
    try:
        assert comes_true(valkey.is_running)
        valkey.end_leftover()
        assert server.wait(30) == 0
        assert not valkey.is_running()
    finally:
        server.kill()


@pytest.mark.parametrize(
    ("patched", "sentence"),
    [
        ("find_spec", r'pip install "misstep\[local\]"'),
        ("machine", "set REDIS_URL"),
    ],
)
def test_a_missing_program_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, patched: str, sentence: str
) -> None:
    if patched == "find_spec":
        monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    else:
        monkeypatch.setattr(platform, "machine", lambda: "vax")
    with pytest.raises(LocalServiceError, match=sentence):
        valkey.binary()
