"""The vLLM servers of this process: one for each model to serve, started when it is needed.

A server keeps running while idle, so that the next shard, and the next scorer of the same model,
find it ready. It leaves its GPU when another scorer waits for that, in this process or another of
the host, and after a while anyway.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from inference.backends.vllm.gpu_lock import GpuLock
from inference.backends.vllm.server_address import ServerAddress
from inference.backends.vllm.server_options import ServerSettings
from inference.backends.vllm.server_process import ServerProcess, require_python
from inference.backends.vllm.server_spec import ServerSpec, select_gpus

# There is one where NVIDIA's driver is.
NVIDIA = Path("/dev/nvidiactl")
LOOK_EVERY = 0.5
# A server with work gives way to a waiting one only after this long: starting one takes a minute
# or more, and changing after every shard would do nothing else.
TURN_SECONDS = 600.0
# A waiting process waits through one turn of each of a few others.
PATIENCE = 4 * TURN_SECONDS
# Between two shards of a run pass milliseconds.
IDLE_BEFORE_GIVING_WAY = 2.0
# Long enough for a lead to start the next run, short enough that a GPU is not held over night.
IDLE_SECONDS = 900.0
# When no scorer that uses it is loaded any more: the next one may want the same model.
UNUSED_SECONDS = 60.0
# How long a waiting process needs to notice that a GPU is free.
HANDOVER_SECONDS = 2.0


class Server:
    """Our own server. Threads may use it at once; the first of them starts it."""

    def __init__(self, serving: ServerSpec, settings: ServerSettings) -> None:
        require_python(settings)
        self.gpus = select_gpus(serving, settings)
        self.holders = 0  # scorers loaded that use it
        self.starts = 0
        self._serving = serving
        self._settings = settings
        self._gpu_lock = GpuLock(settings.folder, self.gpus)
        self._process: ServerProcess | None = None
        self._lock = threading.Lock()
        self._users = 0
        self._last_used = self._turn_began = 0.0

    @contextmanager
    def in_use(self) -> Iterator[ServerAddress]:
        """Keep the server running inside the block; it is healthy on entering, started if needed.

        Raises BackendError if it can't be started.
        """
        with self._lock:
            process = self._healthy_process()
            self._users += 1
        try:
            yield ServerAddress(process.address, process.key)
        finally:
            with self._lock:
                self._users -= 1
                self._last_used = time.monotonic()

    @property
    def device(self) -> str:
        """Where it computes, as torch names it. A vLLM for CPUs is used where there is no GPU."""
        if not NVIDIA.exists():
            return "cpu"
        return ",".join(f"cuda:{number}" for number, _ in enumerate(self.gpus))

    def is_healthy(self) -> bool:
        with self._lock:
            return self._process is not None and self._process.is_healthy()

    def release(self) -> None:
        """Note that a scorer that used it is unloaded."""
        with self._lock:
            self.holders -= 1
            self._last_used = time.monotonic()

    def stop(self) -> None:
        """End it now, even while it is used. The next use starts it again."""
        with self._lock:
            self._end()

    def _healthy_process(self) -> ServerProcess:
        """Return a healthy process whose turn may continue. The caller holds the lock."""
        if self._users == 0 and self._process is not None and self._turn_is_over():
            self._end()
            time.sleep(HANDOVER_SECONDS)
        if self._process is not None and not self._process.is_healthy():
            self._end()
        if self._process is None:
            self._process = self._started()
        return self._process

    def _started(self) -> ServerProcess:
        self._gpu_lock.acquire(PATIENCE)
        self._turn_began = time.monotonic()
        self.starts += 1
        try:
            process = ServerProcess(self._serving, self._settings, self._gpu_lock.descriptors)
            process.wait_until_ready()
        except BaseException:
            self._gpu_lock.release()
            raise
        self._last_used = time.monotonic()
        threading.Thread(target=self._watch, args=[process], daemon=True, name="vllm").start()
        return process

    def _watch(self, process: ServerProcess) -> None:
        """Stop the process once it has no reason to run; return once it is replaced."""
        while True:
            time.sleep(LOOK_EVERY)
            with self._lock:
                if self._process is not process:
                    return
                if self._users == 0 and self._has_no_reason_to_run():
                    self._end()
                    return

    def _has_no_reason_to_run(self) -> bool:
        idle = time.monotonic() - self._last_used
        if idle > IDLE_BEFORE_GIVING_WAY and self._gpu_lock.is_contended():
            return True
        return idle > (IDLE_SECONDS if self.holders else UNUSED_SECONDS)

    def _turn_is_over(self) -> bool:
        return time.monotonic() - self._turn_began > TURN_SECONDS and self._gpu_lock.is_contended()

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None
            self._gpu_lock.release()


_servers: dict[tuple[ServerSpec, ServerSettings], Server] = {}
_servers_lock = threading.Lock()


def server_for(serving: ServerSpec, settings: ServerSettings) -> Server:
    """Return the server of this spec; the caller calls `release` once when done with it."""
    with _servers_lock:
        server = _servers.get((serving, settings))
        if server is None:
            server = _servers[serving, settings] = Server(serving, settings)
        server.holders += 1
        return server


def stop_unused() -> None:
    """End the servers that no loaded scorer uses.

    A model that is about to be loaded into this process needs the GPU's memory.
    """
    with _servers_lock:
        for server in _servers.values():
            if server.holders == 0:
                server.stop()


def stop_all() -> None:
    """End every server of this process."""
    with _servers_lock:
        for server in _servers.values():
            server.stop()
