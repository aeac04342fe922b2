"""Turns at a GPU, between the processes of a host and within one.

Each GPU has two lock files, never written: the process that runs a server holds `holder`, and a
waiting one holds `waiting`. So the holder learns that somebody waits, and a lock ends with the
processes that had it, however they end.
"""

import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from inference.backends.interface import BackendError

LOOK_EVERY = 0.2


class GpuLock:
    """The right to run a server on some GPUs.

    `descriptors` may be passed to the process that runs it: the lock lasts until that has ended
    too.
    """

    def __init__(self, folder: Path, gpus: Sequence[str]) -> None:
        self.descriptors: list[int] = []
        self._folder = folder
        # Always in one order, so that no two wait for each other.
        self._gpus = sorted(set(gpus))

    def acquire(self, patience: float) -> None:
        """Wait for the GPUs and lock them. Raises BackendError after `patience` seconds."""
        deadline = time.monotonic() + patience
        self._folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            for gpu in self._gpus:
                stack.enter_context(self._waiting(gpu))
            for gpu in self._gpus:
                self._acquire(gpu, deadline)

    def release(self) -> None:
        """Unlock the GPUs. Closing a copy of a lock that a child still has does not free it."""
        for descriptor in self.descriptors:
            os.close(descriptor)
        self.descriptors = []

    def is_contended(self) -> bool:
        """Return whether somebody waits for one of the GPUs."""
        return any(self._is_locked(self._path(gpu, "waiting")) for gpu in self._gpus)

    def _acquire(self, gpu: str, deadline: float) -> None:
        descriptor = _open(self._path(gpu, "holder"))
        while True:
            with suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self.descriptors.append(descriptor)
                return
            if time.monotonic() > deadline:
                os.close(descriptor)
                self.release()
                raise BackendError(
                    f"GPU {gpu} was busy with another scorer's vLLM server for too long; "
                    "the shard is tried again."
                )
            time.sleep(LOOK_EVERY)

    @contextmanager
    def _waiting(self, gpu: str) -> Iterator[None]:
        descriptor = _open(self._path(gpu, "waiting"))
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH)
            yield
        finally:
            os.close(descriptor)

    def _is_locked(self, path: Path) -> bool:
        descriptor = _open(path)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def _path(self, gpu: str, role: str) -> Path:
        safe = "".join(letter if letter.isalnum() else "-" for letter in gpu)
        return self._folder / f"gpu-{safe}.{role}"


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
