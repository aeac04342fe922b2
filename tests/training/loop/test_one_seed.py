"""A part of one seed, and the merged results of its parts."""

from pathlib import Path

import pytest

from training.loop import many_answers_experiment
from training.loop.one_seed import MANY_ANSWERS, merge_parts, run_part


@pytest.mark.django_db(transaction=True)
def test_a_part_returns_the_results_of_its_arms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(many_answers_experiment, "VALIDATION", 10)
    monkeypatch.setattr(many_answers_experiment, "MAX_STAGES", 1)
    result = run_part(MANY_ANSWERS, 3, folder=tmp_path, small=True)
    assert result["seed"] == 3
    assert set(many_answers_experiment.ARMS) < result["solved"].keys()
    assert result["seconds"] > 0
    assert (tmp_path / "seed-3" / "many-answers" / "groupings-base-1").is_dir()


def test_the_parts_of_a_seed_are_merged():
    first = {"seed": 1, "solved": {"a": [True]}, "figures": {"x": 1}, "seconds": 2.0}
    second = {"seed": 1, "solved": {"b": [False]}, "figures": {"y": 2}, "seconds": 3.0}
    assert merge_parts([first, second]) == {
        "seed": 1,
        "solved": {"a": [True], "b": [False]},
        "figures": {"x": 1, "y": 2},
        "seconds": 5.0,
    }
