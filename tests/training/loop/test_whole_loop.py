"""The whole experiment: parts of all seeds, the stored results, the report."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.factories import make_dataset
from tests.training.loop.test_report import seed_results
from traces.models import Dataset
from training.loop import whole_loop
from training.loop.one_seed import MANY_ANSWERS
from training.loop.whole_loop import run_experiment


def part_results(part: str, number: int, *, folder: Path, small: bool) -> dict[str, Any]:
    """Return one part of scripted results instead of an experiment of some minutes."""
    (result,) = seed_results(number)
    in_part = {
        arm: values
        for arm, values in result["solved"].items()
        if arm.startswith("many answers") == (part == MANY_ANSWERS)
    }
    return {**result, "solved": in_part}


@pytest.mark.django_db
def test_the_parts_of_all_seeds_are_merged_and_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(
        whole_loop, "ProcessPoolExecutor", lambda count, mp_context: ThreadPoolExecutor(count)
    )
    monkeypatch.setattr(whole_loop, "run_part", part_results)
    make_dataset("loop-1-old")
    make_dataset("mine")
    path = run_experiment(tmp_path / "report", [4, 5], small=True)
    assert [dataset.name for dataset in Dataset.objects.all()] == ["mine"]
    stored = orjson.loads((tmp_path / "report" / "results.json").read_bytes())
    assert [seed["seed"] for seed in stored["seeds"]] == [4, 5]
    assert [seed["seconds"] for seed in stored["seeds"]] == [120, 120]
    assert stored["sizes"]["held_out"] == 20
    assert "Seeds 4, 5" in path.read_text()
