"""A broker of a test's own, which it may stop."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from misstep.local import valkey


class Broker:
    """A Valkey process on a port of its own, empty at each start."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [str(valkey.binary()), "--port", str(self.port), "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
        )
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with closing(socket.socket()) as client:
                if client.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise AssertionError("the broker does not start")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def own_broker() -> Iterator[Broker]:
    """Run a broker for the block, unless the block stops it."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        server = Broker(free.getsockname()[1])
    server.start()
    try:
        yield server
    finally:
        server.stop()
