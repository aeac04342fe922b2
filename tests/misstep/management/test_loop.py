from pathlib import Path
from typing import Any

import pytest

from tests.misstep.management.output import output_of
from training.loop import whole_loop


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[Any, ...]]:
    """Collect the arguments of the experiment, which takes minutes; training/loop tests it."""
    calls: list[tuple[Any, ...]] = []

    def run_experiment(folder: Path, seeds: list[int], *, small: bool) -> Path:
        calls.append((folder, seeds, small))
        return folder / "report.md"

    monkeypatch.setenv("MISSTEP_HOME", str(tmp_path))
    monkeypatch.setattr(whole_loop, "run_experiment", run_experiment)
    return calls


def test_the_report_is_written_in_the_home(measured: list[Any], tmp_path: Path) -> None:
    assert output_of("loop").strip() == str(tmp_path / "report" / "report.md")
    assert measured == [(tmp_path / "report", [1, 2, 3], False)]


def test_seeds_and_size_are_options(measured: list[Any], tmp_path: Path) -> None:
    output_of("loop", "--seeds", "7", "8", "--small")
    assert measured == [(tmp_path / "report", [7, 8], True)]
