from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path: Path) -> Path:
    """Give every test's exports a folder of their own."""
    settings.DATA_DIR = tmp_path / "data"
    return tmp_path
