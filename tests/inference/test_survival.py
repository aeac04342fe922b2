"""Killed workers, a restarted broker, a restarted database: no trace is lost, none scored twice."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from misstep.local import addresses

TRACES = 3000
SHARDS = 60


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Services of the test's own, since it kills them."""
    monkeypatch.setenv("MISSTEP_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    yield tmp_path
    shutil.rmtree(addresses.postgres_folder(), ignore_errors=True)


@pytest.mark.parametrize("seed", [1])
def test_a_run_survives_kills_of_all_that_carries_it(home: Path, seed: int):
    done = subprocess.run(
        [sys.executable, "-m", "tests.inference.survival", str(TRACES), str(seed)],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "misstep.settings"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["attempts"] > SHARDS, "no blow met a shard at work"
    # A shard that three kills met is cut in halves.
    assert told["shards"] >= SHARDS
    assert told["shards_done"] == told["shards"]
    assert (
        told
        | {
            "status": "finished",
            "blows": 8,
            "judged": TRACES,
            "unparsable": 0,
            "tokens": 3 * TRACES,
            "verdicts": TRACES,
            "right": TRACES,
            "written": TRACES,
            "written_of": TRACES,
        }
        == told
    )
