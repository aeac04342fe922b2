"""One running vLLM server: start, readiness, health, end."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import httpx

from inference.backends.interface import BackendError
from inference.backends.vllm import watchdog
from inference.backends.vllm.server_log import exit_reason
from inference.backends.vllm.server_options import ServerSettings
from inference.backends.vllm.server_spec import ServerSpec, server_command, server_environment

# How long the server may take to end by itself before it is killed.
GRACE = 10.0
# Logs kept, the last ones: each start writes its own.
MOST_LOGS = 20
LOOK_EVERY = 0.25
# One answer to "are you well"; a server that computes answers at once all the same.
HEALTH_TIMEOUT = 10.0


class ServerProcess:
    """A running server. `address` is its URL and `key` the bearer token that it wants."""

    def __init__(self, serving: ServerSpec, settings: ServerSettings, locks: Sequence[int]) -> None:
        """Start it; `wait_until_ready` says when it serves. It keeps `locks` until it has ended.

        Raises BackendError if there is no such Python.
        """
        self._pipe: int | None
        port = _free_port()
        self.address = f"http://127.0.0.1:{port}"
        self.key = secrets.token_urlsafe(24)
        self.log = settings.folder / f"server-{os.getpid()}-{port}.log"
        self._serving = serving
        self._settings = settings
        self._start(server_command(serving, settings, port), locks)

    def wait_until_ready(self) -> None:
        """Wait until it serves. Raises BackendError with the reason if it ends or is too slow."""
        try:
            self._await()
        except BaseException:
            self.end()
            raise

    def _await(self) -> None:
        deadline = time.monotonic() + self._settings.start_seconds
        while not self.is_healthy(timeout=1.0):
            if self._watchdog.poll() is not None:
                self._refuse("ended while it was starting")
            if time.monotonic() > deadline:
                self._refuse(
                    f"was not ready after {self._settings.start_seconds:g} seconds "
                    "(MISSTEP_VLLM_START_SECONDS allows more)"
                )
            time.sleep(LOOK_EVERY)

    def is_alive(self) -> bool:
        return self._watchdog.poll() is None

    def is_healthy(self, timeout: float = HEALTH_TIMEOUT) -> bool:
        """Return whether it runs, its engine runs, and it is ours.

        Another program on the port does not know the key.
        """
        if not self.is_alive():
            return False
        try:
            with httpx.Client(base_url=self.address, timeout=timeout, trust_env=False) as client:
                if client.get("/health").status_code != httpx.codes.OK:
                    return False
                headers = {"Authorization": f"Bearer {self.key}"}
                return client.get("/v1/models", headers=headers).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    def end(self) -> None:
        """End it, and return when all its processes are gone. Idempotent."""
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None
        try:
            self._watchdog.wait(GRACE + 5.0)
        except subprocess.TimeoutExpired:
            self._watchdog.kill()  # which kills the server too
            self._watchdog.wait()

    def _start(self, line: list[str], locks: Sequence[int]) -> None:
        self._settings.folder.mkdir(parents=True, exist_ok=True)
        _forget_old_logs(self._settings.folder)
        theirs, self._pipe = os.pipe()
        watched = [sys.executable, watchdog.__file__, str(theirs), str(GRACE), *line]
        try:
            with self.log.open("wb") as log:
                self._watchdog = subprocess.Popen(  # noqa: S603 composed here
                    watched,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=server_environment(self.key),
                    pass_fds=[theirs, *locks],
                    start_new_session=True,
                )
        finally:
            os.close(theirs)

    def _refuse(self, what: str) -> NoReturn:
        raise BackendError(
            f"The vLLM server of {self._serving.model} {what}: {exit_reason(self.log)} "
            f"(more in {self.log})."
        )


def require_python(settings: ServerSettings) -> None:
    """Raise BackendError if there is no Python to run vLLM with."""
    if not Path(settings.python).is_file():
        raise BackendError(
            f"MISSTEP_VLLM_PYTHON is {settings.python!r}, and there is no such program; name the "
            "Python of an environment that has vLLM, as `make vllm` makes one."
        )


def _forget_old_logs(folder: Path) -> None:
    logs = sorted(folder.glob("server-*.log"), key=lambda log: log.stat().st_mtime)
    for log in logs[: 1 - MOST_LOGS]:
        log.unlink(missing_ok=True)


def _free_port() -> int:
    with socket.socket() as candidate:
        candidate.bind(("127.0.0.1", 0))
        return int(candidate.getsockname()[1])
