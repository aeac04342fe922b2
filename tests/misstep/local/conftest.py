"""A home of its own for each test, with no server of the environment's."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from misstep.local import addresses


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "home"
    monkeypatch.setenv("MISSTEP_HOME", str(folder))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    yield folder
    deadline = time.monotonic() + 20
    while (addresses.postgres_folder() / "data" / "postmaster.pid").exists():
        assert time.monotonic() < deadline, "a test has left its database running"
        time.sleep(0.05)
    for left in addresses.postgres_folder().parent.glob(f"{addresses.postgres_folder().name}*"):
        shutil.rmtree(left, ignore_errors=True)
    shutil.rmtree(addresses.sockets(), ignore_errors=True)
