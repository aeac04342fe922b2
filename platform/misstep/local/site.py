"""The whole site on one machine: pages, workers, scheduler."""

import contextlib
import fcntl
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

from misstep.local import addresses
from misstep.local.errors import LocalServiceError
from misstep.local.processes import Program
from misstep.local.supervisor import Child, Supervisor
from misstep.local.workers import QUEUES, scheduler_child, startable, worker_children

LONGEST_START = 180.0


def children(host: str, port: int) -> list[Child]:
    """Return the site's processes in the order of their start, the reverse of their stop."""
    workers = worker_children(startable(QUEUES))
    return [web_child(host, port), *workers, scheduler_child()]


def web_child(host: str, port: int) -> Child:
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    options = ["-c", "python:misstep.gunicorn_conf", "--bind", bind, "misstep.wsgi"]
    program = Program(
        command=[sys.executable, "-m", "gunicorn", *options],
        log=addresses.logs() / "web.log",
        environment={**os.environ, "MISSTEP_HOSTS": answered_names(host)},
        uses_services=True,
    )
    return Child("web", program, essential=True)


def answered_names(host: str) -> str:
    """Return the host names that the site answers to, with commas; MISSTEP_HOSTS wins."""
    own = ["127.0.0.1", "localhost", "[::1]"]
    if not is_loopback(host):
        own += [host, socket.gethostname(), socket.getfqdn()]
    return os.environ.get("MISSTEP_HOSTS") or ",".join(dict.fromkeys(own))


def is_loopback(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")


def address(host: str, port: int) -> str:
    """Return the address to open in a browser on this machine."""
    name = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104 read, not bound
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


@contextlib.contextmanager
def only_once(where: str) -> Iterator[None]:
    """Lock the site of this home; raise LocalServiceError while another process runs it."""
    addresses.locks().mkdir(parents=True, exist_ok=True)
    with (addresses.locks() / "site").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise LocalServiceError(
                f"Misstep is already running from {addresses.home()}, at "
                f"{file.read().strip()}: open that address, or stop it first (Ctrl-C where "
                "it was started)."
            ) from None
        file.truncate(0)
        file.write(where)
        file.flush()
        yield


def wait_until_open(supervisor: Supervisor, where: str) -> None:
    """Return once the pages answer; raise LocalServiceError if they never do."""
    deadline = time.monotonic() + LONGEST_START
    while supervisor.look():
        if _answers(f"{where}/health/"):
            return
        if time.monotonic() > deadline:
            raise LocalServiceError(
                f"The site has not answered for {LONGEST_START:.0f} seconds: "
                f"see {addresses.logs() / 'web.log'}."
            )
        time.sleep(0.1)
    if supervisor.failure:
        raise LocalServiceError(supervisor.failure)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 our own address
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
