"""Starting, sharing, swapping and losing servers, with a program in vLLM's place."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from inference.backends.interface import BackendError
from inference.backends.vllm import servers
from inference.backends.vllm.server_address import ServerAddress
from inference.backends.vllm.server_options import ServerSettings
from inference.backends.vllm.server_spec import ServerSpec
from inference.backends.vllm.servers import Server, server_for, stop_all, stop_unused
from tests.inference.backends.vllm.stand_in import make_stand_in
from tests.waiting import comes_true


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServerSettings]:
    monkeypatch.setattr(servers, "IDLE_BEFORE_GIVING_WAY", 0.2)
    monkeypatch.setattr(servers, "HANDOVER_SECONDS", 0.5)
    yield ServerSettings(python=make_stand_in(tmp_path), folder=tmp_path / "vllm")
    stop_all()


def model(tmp_path: Path, name: str = "model", mark: str = "") -> ServerSpec:
    folder = tmp_path / name
    folder.mkdir()
    if mark:
        (folder / mark).touch()
    return ServerSpec(name, folder)


def process_of(address: ServerAddress) -> int:
    headers = {"Authorization": f"Bearer {address.key}"}
    return int(httpx.get(f"{address.url}/v1/models", headers=headers).json()["pid"])


def asked(server: Server) -> int:
    """Return the server's process, as it says itself."""
    with server.in_use() as address:
        return process_of(address)


def test_a_server_stays_up_between_uses(settings: ServerSettings, tmp_path: Path):
    server = server_for(model(tmp_path), settings)
    assert asked(server) == asked(server)
    assert server.starts == 1
    server.stop()


def test_equal_servings_share_a_server_and_others_do_not(settings: ServerSettings, tmp_path: Path):
    one = model(tmp_path)
    same = ServerSpec(one.model, one.folder)
    assert server_for(one, settings) is server_for(same, settings)
    assert server_for(
        ServerSpec(one.model, one.folder, dtype="float32"), settings
    ) is not server_for(one, settings)


def test_a_killed_server_is_started_again_at_its_next_use(settings: ServerSettings, tmp_path: Path):
    server = server_for(model(tmp_path), settings)
    first = asked(server)
    os.kill(first, 9)
    assert comes_true(lambda: not psutil.pid_exists(first))
    assert not server.is_healthy()
    assert asked(server) != first
    assert server.starts == 2


def test_an_idle_server_gives_way_to_another_on_its_gpu(settings: ServerSettings, tmp_path: Path):
    one, other = (server_for(model(tmp_path, name), settings) for name in ("one", "other"))
    first = asked(one)
    asked(other)
    assert not psutil.pid_exists(first)
    assert not one.is_healthy()


def test_a_server_in_use_does_not_give_way(settings: ServerSettings, tmp_path: Path):
    one, other = (server_for(model(tmp_path, name), settings) for name in ("one", "other"))
    waiting = threading.Thread(target=asked, args=[other])
    with one.in_use() as address:
        waiting.start()
        waiting.join(1.5)
        assert waiting.is_alive()
        assert process_of(address) > 0
    waiting.join(30)
    assert not waiting.is_alive()
    assert other.is_healthy()


def test_a_server_with_work_gives_way_after_its_turn(
    settings: ServerSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(servers, "TURN_SECONDS", 0.0)
    monkeypatch.setattr(servers, "IDLE_BEFORE_GIVING_WAY", 600.0)
    one, other = (server_for(model(tmp_path, name), settings) for name in ("one", "other"))
    first = asked(one)
    waiting = threading.Thread(target=asked, args=[other])
    waiting.start()
    time.sleep(1.0)  # it says that it waits
    assert psutil.pid_exists(first)
    again = threading.Thread(target=asked, args=[one])
    again.start()
    waiting.join(30)
    assert not waiting.is_alive()
    assert not psutil.pid_exists(first)
    monkeypatch.setattr(servers, "IDLE_BEFORE_GIVING_WAY", 0.2)
    again.join(30)
    assert (one.starts, other.starts) == (2, 1)


def test_what_no_scorer_uses_is_ended_when_its_memory_is_wanted(
    settings: ServerSettings, tmp_path: Path
):
    server = server_for(model(tmp_path), settings)
    first = asked(server)
    stop_unused()
    assert server.is_healthy()
    server.release()
    stop_unused()
    assert not psutil.pid_exists(first)


def test_what_nobody_asks_is_ended_after_a_while(
    settings: ServerSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    server = server_for(model(tmp_path), settings)
    first = asked(server)
    monkeypatch.setattr(servers, "IDLE_SECONDS", 0.1)
    assert comes_true(lambda: not psutil.pid_exists(first))
    assert asked(server) != first


def test_a_server_that_ends_while_it_starts_says_why_and_leaves_the_gpu(
    settings: ServerSettings, tmp_path: Path
):
    broken = server_for(model(tmp_path, "broken", mark="broken"), settings)
    with pytest.raises(BackendError) as caught:
        asked(broken)
    said = str(caught.value)
    assert said.startswith("The vLLM server of broken ended while it was starting: ValueError: The")
    assert str(settings.folder / "server-") in said
    assert asked(server_for(model(tmp_path), settings)) > 0


def test_a_server_that_never_serves_is_ended(tmp_path: Path):
    python = make_stand_in(tmp_path)
    settings = ServerSettings(python=python, folder=tmp_path / "vllm", start_seconds=1.0)
    slow = server_for(model(tmp_path, mark="slow"), settings)
    with pytest.raises(BackendError, match="was not ready after 1 seconds"):
        asked(slow)
    below = psutil.Process().children(recursive=True)
    assert not [child for child in below if python in child.cmdline()]


def test_a_python_that_is_not_there_or_has_no_vllm_is_a_sentence(tmp_path: Path):
    absent = ServerSettings(python="/no/such/python", folder=tmp_path)
    with pytest.raises(BackendError, match="MISSTEP_VLLM_PYTHON is '/no/such/python'"):
        Server(model(tmp_path), absent)
    here = ServerSettings(python=sys.executable, folder=tmp_path / "vllm")
    with pytest.raises(BackendError, match="No module named 'vllm'"):
        asked(Server(model(tmp_path, "other"), here))
