import os
import pwd
import shutil
import subprocess
from types import SimpleNamespace
from typing import Any

import pytest

from misstep.local import addresses
from misstep.local.errors import LocalServiceError
from misstep.local.postgres import system_user


@pytest.fixture
def as_root(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Let the code believe that it is root on a machine without the user; collect commands."""
    commands: list[list[str]] = []

    def missing(name: str) -> Any:
        raise KeyError(name)

    monkeypatch.setattr(addresses, "running_as_root", lambda: True)
    monkeypatch.setattr(system_user, "pwd", SimpleNamespace(getpwnam=missing))
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/sbin/{name}")
    monkeypatch.setattr(
        subprocess,
        "run",
        lambda command, **options: commands.append(command) or SimpleNamespace(returncode=9),
    )
    return commands


def test_the_name_of_the_process_user() -> None:
    assert system_user.user_name() == pwd.getpwuid(os.geteuid()).pw_name


def test_a_user_without_a_name_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 4_000_000_000)
    with pytest.raises(LocalServiceError, match="user number 4000000000"):
        system_user.user_name()


def test_an_ordinary_user_runs_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "running_as_root", lambda: False)
    assert system_user.server_user() is None
    assert system_user.server_identity() is None


def test_root_makes_the_system_user_once(as_root: list[list[str]]) -> None:
    assert system_user.server_user() == addresses.POSTGRES_USER
    (command,) = as_root
    assert command[0] == "/usr/sbin/useradd"
    assert {"--system", "--no-create-home", addresses.POSTGRES_USER} <= set(command)


def test_a_machine_without_useradd_is_a_sentence(
    as_root: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(LocalServiceError, match=addresses.POSTGRES_USER):
        system_user.server_user()
    assert as_root == []
