"""A home of its own for each test, with no server of the environment's."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from misstep.local import addresses
from tests.waiting import comes_true


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "home"
    monkeypatch.setenv("MISSTEP_HOME", str(folder))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    yield folder
    assert comes_true(
        lambda: not (addresses.postgres_folder() / "data" / "postmaster.pid").exists()
    )
    for left in addresses.postgres_folder().parent.glob(f"{addresses.postgres_folder().name}*"):
        shutil.rmtree(left, ignore_errors=True)
    shutil.rmtree(addresses.sockets(), ignore_errors=True)
