"""Runs through a real broker and real workers: processes that can be killed."""

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from celery import current_app
from django.core.management import CommandError, call_command
from django.db import connection

from inference.models import ScoringRun
from inference.runs.availability import unavailable_reason
from inference.runs.start import SHARD_SIZES, start_run
from inference.runs.statistics import RunProgress, run_progress
from inference.runs.wait import wait_for_run
from inference.scorers.registry import get_or_create_scorer
from inference.shards.shard_reaper import requeue_silent
from misstep.local import addresses
from tests.factories import make_dataset, make_trace
from tests.inference.scripted import scripted_scorer
from tests.tiny_models import make_tiny_prm
from tests.waiting import comes_true
from traces.models import Dataset, Verdict

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("scripted", "empty_queues"),
]


@pytest.fixture
def empty_queues() -> None:
    with current_app.connection_for_write() as broker:
        for queue in ("prm", "checker"):
            broker.default_channel.queue_declare(queue)
            broker.default_channel.queue_purge(queue)


@contextmanager
def worker(*, idle: bool = True) -> Iterator[subprocess.Popen[bytes]]:
    """Start a worker of one process on this test's database, killed at the end at the latest.

    It answers before the block begins, unless work waits for it: it then answers only after that.
    """
    address = urlsplit(addresses.database_url())
    database = address._replace(path="/" + connection.settings_dict["NAME"]).geturl()
    options = ["-Q", "prm,checker", "--pool", "solo", "--without-gossip", "--without-mingle"]
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "tests.inference.worker_app", "worker", *options],
        env=os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert comes_true(lambda: not idle or answers(process))
        yield process
    finally:
        process.kill()
        process.wait()


def answers(process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, "the worker ended before it began"
    return bool(current_app.control.inspect(timeout=0.5).ping())


def followed(run: ScoringRun) -> ScoringRun:
    """Return the run at its end; a worker that never comes fails the test."""
    end = time.monotonic() + 120

    def watch(state: RunProgress) -> None:
        assert time.monotonic() < end, state

    return wait_for_run(run, watch, interval=0.05)


def dataset_of(count: int, steps: list[str] | None = None) -> Dataset:
    dataset = make_dataset()
    for _ in range(count):
        make_trace(dataset, steps=steps)
    return dataset


def test_a_dataset_is_scored_by_a_program_and_by_a_model(tmp_path: Path):
    dataset = dataset_of(5)
    folder = make_tiny_prm(tmp_path / "prm")
    out = io.StringIO()
    with worker():
        call_command("score", dataset.name, "--scorer=arithmetic", stdout=out, stderr=out)
        call_command(
            "score", dataset.name, "--scorer=tiny", f"--model={folder}", stdout=out, stderr=out
        )
        late = get_or_create_scorer("absent", backend="qwen-prm", model="/no/such/model")
        with pytest.raises(CommandError, match="The worker has no folder '/no/such/model'"):
            call_command("score", dataset.name, "--scorer=absent", stdout=out, stderr=out)
    assert "finished: 5 of 5 traces judged" in out.getvalue()
    checked = Verdict.objects.filter(judge__name="arithmetic")
    assert list(checked.values_list("earliest_error", flat=True)) == [1] * 5
    modelled = Verdict.objects.filter(judge__name="tiny")
    assert all(len(v.scores) == v.step_count for v in modelled)
    assert modelled.count() == 5
    assert Verdict.objects.filter(judge=late.judge).count() == 0


def test_the_command_names_what_is_missing():
    with pytest.raises(CommandError, match="No dataset 'x'"):
        call_command("score", "x", "--scorer=arithmetic")
    with pytest.raises(CommandError, match="No scorer 'abacus'"):
        call_command("score", make_dataset().name, "--scorer=abacus")


def test_a_run_waits_for_a_worker_and_says_so():
    run = start_run(scripted_scorer(), dataset=dataset_of(1), created_by=None)
    assert unavailable_reason(run).startswith("No worker serves the queue prm.")
    with worker(idle=False):
        assert followed(run).status == "finished"
    assert unavailable_reason(run) == ""


def test_a_killed_worker_costs_no_trace_and_judges_none_twice(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(SHARD_SIZES, "prm", 2)
    run = start_run(
        scripted_scorer("slow"), dataset=dataset_of(12, ["right", "WRONG"]), created_by=None
    )
    with worker(idle=False) as first:
        assert comes_true(lambda: run.shards.filter(status="finished").count() >= 2)
        assert comes_true(lambda: run.shards.filter(status="running").exists())
        first.send_signal(signal.SIGKILL)
        first.wait()
    done_before = run.shards.filter(status="finished").count()
    left = run.shards.get(status="running")
    assert done_before < 6
    assert Verdict.objects.count() == 2 * done_before
    assert requeue_silent(silent_after=timedelta()) == 1
    with worker(idle=False):
        assert followed(run).status == "finished"
    attempts = dict(run.shards.values_list("pk", "attempts"))
    assert attempts.pop(left.pk) == 2
    assert set(attempts.values()) == {1}
    judged = Verdict.objects.values_list("trace_id", "earliest_error")
    assert sorted(judged) == [
        (pk, 1) for pk in sorted(run.dataset.traces.values_list("pk", flat=True))
    ]
    by = {verdict.explanation for verdict in Verdict.objects.all()}
    assert len(by) == 2
    assert run_progress(run).judged == 12
