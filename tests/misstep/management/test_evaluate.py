"""The main job without a browser, as a newcomer's first command where nothing runs yet."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from inference.backends.arithmetic import ArithmeticBackend
from inference.backends.interface import Recipe, TraceText

ROOT = Path(__file__).resolve().parents[3]


def misstep(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE"}
    }
    return subprocess.run(
        [sys.executable, "-m", "misstep.cli", *words],
        cwd=ROOT,
        env=environment | {"MISSTEP_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=240,
    )


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def expected(rows: list[dict]) -> dict:
    """Compute the benchmark's figures in a few lines, on predictions made without the platform."""
    traces = [TraceText(row["problem"], row["steps"]) for row in rows]
    found = [f.earliest_error for f in ArithmeticBackend(Recipe("arithmetic")).judge(traces)]
    hits = [f == row["label"] for f, row in zip(found, rows, strict=True)]
    wrong = [hit for hit, row in zip(hits, rows, strict=True) if row["label"] != -1]
    right = [hit for hit, row in zip(hits, rows, strict=True) if row["label"] == -1]
    acc1, acc2 = np.mean(wrong) * 100, np.mean(right) * 100
    return {
        "n": len(rows),
        "n_erroneous": len(wrong),
        "accuracy_erroneous": acc1,
        "accuracy_correct": acc2,
        "f1": 2 * acc1 * acc2 / (acc1 + acc2),
        "unparsable": 0,
    }


def test_json_is_one_object_that_equals_an_independent_computation(
    home: Path, shared_data: Callable[[str], Path]
):
    path = shared_data("processbench/gsm8k.json")
    done = misstep(home, "evaluate", str(path), "--scorer", "arithmetic", "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    subset = {"name": "gsm8k", **expected(json.loads(path.read_text()))}
    assert answer.pop("seconds") > 0
    assert answer == {
        "dataset": "gsm8k",
        "scorer": "arithmetic@1",
        "subsets": [subset],
        "mean_f1": subset["f1"],
    }


def test_a_subset_of_one_kind_has_no_f1_and_the_data_stays(home: Path, tmp_path: Path):
    rows = [
        {
            "id": f"{subset}-{number}",
            "generator": "model",
            "problem": f"What is {number} + 1?",
            "steps": [f"{number} + 1 = {number + 1 + slip}", "Done."],
            "final_answer_correct": not slip,
            "label": 0 if slip else -1,
        }
        for subset, slips in (("right", (0, 0)), ("missed", (0, 1)))
        for number, slip in enumerate(slips)
    ]
    # An error that no arithmetic shows: both accuracies are defined, one of them 0.
    rows[3]["steps"][0] = "It is obviously seven."
    path = tmp_path / "small.json"
    path.write_text(json.dumps(rows))
    done = misstep(home, "evaluate", str(path), "--scorer", "arithmetic", "--json")
    subsets = {row["name"]: row for row in json.loads(done.stdout)["subsets"]}
    assert (subsets["right"]["accuracy_erroneous"], subsets["right"]["f1"]) == (None, None)
    assert (subsets["missed"]["accuracy_erroneous"], subsets["missed"]["f1"]) == (0.0, 0.0)

    again = misstep(home, "evaluate", str(path), "--scorer", "arithmetic")
    assert again.returncode == 0
    assert "missed" in again.stdout
    board = misstep(home, "leaderboard", "small", "--json")
    assert json.loads(board.stdout)["judges"][0]["judged"] == 4


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["evaluate", "absent.json", "--scorer", "arithmetic"], "There is no file"),
        (["evaluate", "absent.json", "--scorer", "abacus"], "No scorer 'abacus'"),
    ],
)
def test_what_is_missing_is_named_without_a_traceback(home: Path, words: list[str], sentence: str):
    done = misstep(home, *words)
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_file_without_a_trace_that_can_be_read_is_no_table(home: Path, tmp_path: Path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": "a", "problem": "p", "steps": ["s"], "label": 9}\n')
    done = misstep(home, "evaluate", str(path), "--scorer", "arithmetic")
    assert done.returncode == 1
    assert f"No traces in {path}: " in done.stderr
    assert done.stdout == ""
