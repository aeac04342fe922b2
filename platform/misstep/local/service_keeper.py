"""PostgreSQL and Valkey run as long as a process uses them, and no longer.

A user of a service is a process that holds a shared lock on its `users` file. A keeper, one small
process for each service, is the server's parent: it starts the server, restarts it if it dies, and
stops it once it can take that lock alone, which is when the last user has ended or was killed. So
two commands at once share the servers, the end of one does not disturb the other, and no server is
left running.

    with services():
        ...

The server of a killed keeper stops cleanly (Linux), and the next user starts both again.
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Protocol

from misstep.local import addresses, postgres, valkey
from misstep.local.errors import LocalServiceError
from misstep.local.processes import Program, end, last_lines, spawn

READY = "ready"
# Recovery after a crash in the middle of a large import takes its time.
LONGEST_START = 300.0
LONGEST_STOP = 60.0
LONGEST_WAIT_FOR_KEEPER = 10.0
LOOK_EVERY = 0.2
# A server that lived this long and dies has a new chance; one that does not has a few.
SETTLED_AFTER = 30.0
TRIES = 5
# Part of PostgreSQL's message while processes of a killed predecessor are still there.
HELD = "shared memory block"


class Service(Protocol):
    """The functions and constants of a module in SERVICES."""

    NAME: str
    TITLE: str

    def prepare(self) -> None: ...
    def program(self) -> Program: ...
    def is_running(self) -> bool: ...
    def end_leftover(self) -> None: ...


SERVICES: dict[str, Service] = {"postgres": postgres, "valkey": valkey}


def own_services() -> list[str]:
    """Return the names of the services that Misstep runs itself."""
    own = {"postgres": addresses.own_database(), "valkey": addresses.own_redis()}
    return [name for name, ours in own.items() if ours]


@contextlib.contextmanager
def services() -> Iterator[None]:
    """Run Misstep's own services inside the block; raise LocalServiceError if one can't start."""
    with contextlib.ExitStack() as users:
        for name in own_services():
            use = users.enter_context(_lock(name, "users", fcntl.LOCK_SH))
            os.set_inheritable(use.fileno(), True)  # see Program.uses_services
            ensure(name)
        yield
    for name in own_services():
        if _unused(name):
            _wait_for_keeper(name)


def ensure(name: str) -> None:
    """Return once the service answers; start its keeper unless there is one.

    The caller holds the lock of a user, so a present keeper stays, unless it is being killed.
    """
    deadline = time.monotonic() + LONGEST_START
    with _lock(name, "start", fcntl.LOCK_EX):
        while _kept(name):
            if SERVICES[name].is_running():
                return
            if time.monotonic() > deadline:
                raise LocalServiceError(
                    f"{SERVICES[name].TITLE} has not answered for {LONGEST_START:.0f} seconds: "
                    f"see {_log(SERVICES[name])}."
                )
            time.sleep(LOOK_EVERY)
        _start_keeper(name)


def _kept(name: str) -> bool:
    with _open_lock(name, "keeper") as file:
        return not _try_lock(file)


def _unused(name: str) -> bool:
    """Return whether no other process uses it, even if its keeper is about to stop it."""
    with _open_lock(name, "users") as file:
        stopping = not _try_lock(file, fcntl.LOCK_SH)
        return stopping or _try_lock(file)


def _wait_for_keeper(name: str) -> None:
    """Wait until the service is down, so that a script may move its files next.

    The wait is short: if another process begins to use it at this moment, it runs on.
    """
    deadline = time.monotonic() + LONGEST_WAIT_FOR_KEEPER
    while _kept(name) and time.monotonic() < deadline:
        time.sleep(0.05)


def _start_keeper(name: str) -> None:
    log = addresses.logs() / f"{name}-keeper.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as errors:
        keeper = subprocess.Popen(  # noqa: S603 a fixed command line
            [sys.executable, "-m", "misstep.local.service_keeper", name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
    assert keeper.stdout is not None
    with keeper.stdout as output:
        answer = output.read().strip()
    if answer != READY:
        raise LocalServiceError(answer or f"{SERVICES[name].TITLE} did not start: see {log}.")


def keep(name: str) -> None:
    """Run the keeper: print `ready` or the reason why not, close standard output, and watch."""
    service = SERVICES[name]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with _open_lock(name, "keeper") as mine, _open_lock(name, "users") as users:
        if not _try_lock(mine):
            return
        try:
            server = _start(service)
        except (LocalServiceError, OSError) as error:
            _answer(str(error))
            return
        _answer(READY)
        try:
            server = _watch(service, server, users)
        finally:
            end(server, service.program().farewell, LONGEST_STOP)


def _watch(
    service: Service, server: subprocess.Popen[bytes], users: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Restart the server whenever it dies; return it once no process uses the service."""
    started, deaths = time.monotonic(), 0
    while not _try_lock(users):
        if server.poll() is not None:
            deaths = 1 if time.monotonic() - started > SETTLED_AFTER else deaths + 1
            if deaths > TRIES:
                raise LocalServiceError(f"{service.TITLE} died {deaths} times in a row.")
            started = time.monotonic()
            server = _start(service)
        time.sleep(LOOK_EVERY)
    return server


def _start(service: Service) -> subprocess.Popen[bytes]:
    """End a leftover server, start a new one and wait until it answers."""
    service.prepare()
    service.end_leftover()
    server = spawn(service.program())
    for wait in (0.5, 1, 2, 4, 8):
        if _comes_up(service, server):
            return server
        # The processes of one that was killed hold its memory until they have noticed.
        if not any(HELD in line for line in _last_words(service)):
            break
        time.sleep(wait)
        server = spawn(service.program())
    end(server, signal.SIGQUIT, LONGEST_STOP)
    raise LocalServiceError(_why_not(service))


def _comes_up(service: Service, server: subprocess.Popen[bytes]) -> bool:
    """Return whether the server answers before it dies or the time is up."""
    deadline = time.monotonic() + LONGEST_START
    while server.poll() is None and time.monotonic() < deadline:
        if service.is_running():
            return True
        time.sleep(0.02)
    return False


def _last_words(service: Service) -> list[str]:
    return last_lines(_log(service), 20)


def _why_not(service: Service) -> str:
    lines = _last_words(service)
    if any("No space left on device" in line for line in lines):
        return f"{service.TITLE} did not start: the disk is full; free some space and try again."
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line or "Fatal" in line]
    reason = (telling or lines or ["it exited without a message"])[-1]
    return f"{service.TITLE} did not start: {reason} (more in {_log(service)})."


def _log(service: Service) -> Path:
    return addresses.logs() / f"{service.NAME}.log"


def _answer(text: str) -> None:
    """Send the text to the waiting process, and close its pipe."""
    os.write(sys.stdout.fileno(), text.encode())
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _open_lock(name: str, purpose: str) -> IO[bytes]:
    try:
        addresses.locks().mkdir(parents=True, exist_ok=True)
        return (addresses.locks() / f"{name}.{purpose}").open("ab")
    except OSError as error:
        raise LocalServiceError(
            f"{addresses.home()} isn't writable ({error.strerror}): set MISSTEP_HOME to a "
            "writable folder."
        ) from error


def _try_lock(file: IO[bytes], kind: int = fcntl.LOCK_EX) -> bool:
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextlib.contextmanager
def _lock(name: str, purpose: str, kind: int) -> Iterator[IO[bytes]]:
    """Hold the lock; closing its file releases it, as does the death of the process."""
    with _open_lock(name, purpose) as file:
        fcntl.flock(file, kind)
        yield file


if __name__ == "__main__":
    keep(sys.argv[1])
