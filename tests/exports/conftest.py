from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path: Path) -> Path:
    """Every test's exports go to a folder of its own."""
    settings.DATA_DIR = tmp_path / "data"
    return tmp_path
