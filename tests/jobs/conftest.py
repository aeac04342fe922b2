"""A broker of the tests' own, which they may stop."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from celery import current_app

from misstep.local import valkey
from tests.jobs import errands


@pytest.fixture(autouse=True)
def nothing_cleaned() -> None:
    errands.cleaned.clear()


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
    """A broker that runs for the block, unless its user stops it."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        server = Broker(free.getsockname()[1])
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def broker() -> Iterator[Broker]:
    """A running broker that Celery sends to."""
    with own_broker() as server:
        before = current_app.conf.broker_url
        address = f"redis://127.0.0.1:{server.port}/0"
        current_app.conf.update(broker_url=address, broker_write_url=address)
        yield server
        current_app.conf.update(broker_url=before, broker_write_url=before)
