"""Every kind of job through an outage of the broker and of the database."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from misstep.local import addresses
from tests.jobs.own_broker import Broker, own_broker

KINDS = {
    "Import", "Export", "HubPush", "TrainingRun", "Shard", "Derivation", "ReportJob", "QueueJob",
}  # fmt: skip


@pytest.fixture
def redis() -> Iterator[Broker]:
    with own_broker() as server:
        yield server


@pytest.fixture
def run(redis: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Run an outage in a home and with servers of the test's own. Return what it printed."""
    monkeypatch.setenv("MISSTEP_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("DATABASE_URL", raising=False)

    def run_outage(name: str) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "tests.jobs.outages", name],
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "misstep.settings",
                "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0",
            },
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-6000:]
        return json.loads(done.stdout.splitlines()[-1])

    yield run_outage
    shutil.rmtree(addresses.postgres_folder(), ignore_errors=True)


def test_jobs_started_without_a_broker_are_done_once_it_is_back(run: Any):
    told = run("broker")
    assert max(told["seconds"].values()) < 8, told["seconds"]
    assert told["health"] == 503
    waiting = {kind for kind, counts in told["queued"].items() if counts.get("queued")}
    assert waiting == KINDS
    assert told["errors"] == []
    assert {kind: set(counts) for kind, counts in told["after"].items()} == {
        kind: {"finished"} for kind in KINDS
    }
    # Sent again within a minute; the rest is the work and the start of the worker.
    assert told["took"] < 120


def test_jobs_whose_connections_are_killed_are_done(run: Any):
    told = run("database")
    assert told["kills"] > 3, "no blow met a connection"
    assert set(told["cuts"]) == {
        f"{moment} {kind}" for moment in ("claim", "end") for kind in KINDS
    }
    assert told["errors"] == []
    assert {kind: set(counts) for kind, counts in told["after"].items()} == {
        kind: {"finished"} for kind in KINDS
    }
    assert told["after"]["Import"] == {"finished": 5}
