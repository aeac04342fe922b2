from pathlib import Path

import pytest

from misstep.local.errors import LocalServiceError
from misstep.local.folders import make_private, require_space


def test_make_private_makes_a_folder_for_its_user_alone(tmp_path: Path) -> None:
    make_private(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700


def test_make_private_closes_a_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    make_private(tmp_path / "open")
    assert (tmp_path / "open").stat().st_mode & 0o777 == 0o700


def test_make_private_trusts_no_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(LocalServiceError, match="doesn't belong to this user"):
        make_private(tmp_path / "link")


def test_make_private_says_why_it_can_not(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(LocalServiceError, match=r"can't be created.*set MISSTEP_HOME"):
        make_private(tmp_path / "file" / "folder")


def test_require_space_names_the_disk_and_the_need(tmp_path: Path) -> None:
    require_space(tmp_path, 1, "PostgreSQL")
    with pytest.raises(LocalServiceError, match=r"PostgreSQL needs \d+ MB to start: free some"):
        require_space(tmp_path, 2**60, "PostgreSQL")
