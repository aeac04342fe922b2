from pathlib import Path

import pytest
from django.conf import settings

from metrics.charts.vega import NAME, VegaFinder


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    return tmp_path


def test_vega_finder_writes_the_bundle_once(home: Path) -> None:
    path = Path(VegaFinder().find(NAME))
    assert path.is_relative_to(home)
    assert "window.vegaEmbed=" in path.read_text(encoding="utf-8")
    path.write_text("kept", encoding="utf-8")
    assert VegaFinder().find(NAME, find_all=True) == [str(path)]
    assert path.read_text(encoding="utf-8") == "kept"


def test_vega_finder_lists_the_bundle_for_collectstatic(home: Path) -> None:
    ((name, storage),) = VegaFinder().list([])
    assert name == NAME
    assert storage.exists(name)
    assert list(VegaFinder().list(["vega/*"])) == []


def test_vega_finder_finds_nothing_else(home: Path) -> None:
    assert VegaFinder().find("css/base/text.css") == []
    assert not any(home.iterdir())
