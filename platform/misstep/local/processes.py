"""Programs that must not outlive the process that starts them."""

import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

# prctl's number for "send me this signal when my parent dies"; Linux only.
PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
# A log that has grown past this many bytes makes room for a new one; the last one is kept.
LONGEST_LOG = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Program:
    """A command to run. `farewell` is the signal that ends it cleanly.

    `user` is the name of the system user that runs it, or None for the caller's. A program with
    `uses_services` counts as a user of PostgreSQL and Valkey by itself: they wait for its end even
    when the process that started it is killed.
    """

    command: Sequence[str]
    log: Path
    farewell: signal.Signals = signal.SIGTERM
    user: str | None = None
    environment: Mapping[str, str] | None = None
    uses_services: bool = False


def spawn(program: Program) -> subprocess.Popen[bytes]:
    """Start a program in its own process group, writing to its log.

    On Linux it gets its farewell signal when the calling *thread* ends for any reason, SIGKILL
    included, so call this from a thread that lives as long as the program should.
    """
    program.log.parent.mkdir(parents=True, exist_ok=True)
    make_room(program.log)
    with program.log.open("ab") as log:
        return subprocess.Popen(  # noqa: S603 every command line is Misstep's own
            program.command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/" if program.user else None,
            env=program.environment,
            # Files opened by Python are not inherited, except the locks of `service_keeper`.
            close_fds=not program.uses_services,
            process_group=0,
            preexec_fn=_tie_to_parent(program.farewell),
            **identity(program.user),
        )


class Identity(TypedDict):
    user: int | None
    group: int | None
    extra_groups: list[int] | None


def identity(user: str | None) -> Identity:
    """Return the arguments that make `subprocess` run as that user, without root's groups."""
    if user is None:
        return Identity(user=None, group=None, extra_groups=None)
    account = pwd.getpwnam(user)
    return Identity(user=account.pw_uid, group=account.pw_gid, extra_groups=[])


def end(process: subprocess.Popen[bytes], farewell: signal.Signals, grace: float) -> None:
    """Ask a process to stop; after `grace` seconds, kill it and its group."""
    if process.poll() is not None:
        return
    process.send_signal(farewell)
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def make_room(log: Path) -> None:
    if log.exists() and log.stat().st_size > LONGEST_LOG:
        log.replace(log.with_name(f"{log.name}.1"))


def last_lines(log: Path, count: int) -> list[str]:
    """Return the last lines of a log, without blank ones."""
    if not log.exists():
        return []
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 64 * 1024))
        lines = file.read().decode(errors="replace").splitlines()
    return [line.strip() for line in lines if line.strip()][-count:]


def _tie_to_parent(farewell: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def tie() -> None:
        if _LIBC is None:
            return
        _LIBC.prctl(PR_SET_PDEATHSIG, int(farewell))
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)

    return tie
