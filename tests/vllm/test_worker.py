"""A run through the database and a real worker, with its engine killed, and then itself."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from django.db import connection

from inference.backends.vllm.servers import stop_all
from inference.runs import start_run
from inference.scorers import register
from inference.waiting import wait_for
from misstep.local import addresses
from tests.factories import make_dataset, make_trace
from tests.vllm.processes import descendants, engine_of, gone, until
from traces.models import Verdict

pytestmark = [
    pytest.mark.vllm,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("vllm_folder"),
]


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A worker as `misstep up` has one, on this test's database."""
    address = urlsplit(addresses.database_url())
    database = address._replace(path="/" + connection.settings_dict["NAME"]).geturl()
    options = ["-Q", "critic", "--pool", "threads", "--concurrency", "1"]
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "tests.inference.worker_app", "worker", *options],
        env=os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def running_requests(process: int, folder: Path) -> float:
    """How many requests the worker's server has in its engine; 0 before it can be asked."""
    logs = sorted(folder.glob(f"server-{process}-*.log"), key=lambda log: log.stat().st_mtime)
    if not logs:
        return 0.0
    port = logs[-1].stem.rpartition("-")[2]
    try:
        text = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=5).text
    except httpx.HTTPError:
        return 0.0
    lines = [line for line in text.splitlines() if line.startswith("vllm:num_requests_running")]
    return sum(float(line.rpartition(" ")[2]) for line in lines)


def test_a_killed_engine_costs_no_trace_and_a_killed_worker_leaves_no_engine(
    tiny_language_model: Path, vllm_folder: Path
):
    stop_all()  # the worker's server is to have the lock of the GPU at once
    dataset = make_dataset()
    for number in range(20):
        make_trace(dataset, steps=["One.", "Two.", "Three."][: number % 3 + 1])
    scorer = register(
        "served",
        backend="critic",
        model=str(tiny_language_model),
        parameters={
            "serve": "vllm", "dtype": "float32", "max_model_len": 4096, "max_tokens": 500,
            "samples": 4, "temperature": 1.0, "structured": "structured_outputs",
        },
    )  # fmt: skip
    run = start_run(scorer, dataset=dataset, created_by=None)
    with worker() as process:
        until(lambda: running_requests(process.pid, vllm_folder) > 0)
        engine_of(process.pid).kill()
        run = wait_for(run, interval=0.2)
        assert run.status == "finished"
        (shard,) = run.shards.all()
        assert shard.attempts == 1
        assert len(list(vllm_folder.glob(f"server-{process.pid}-*.log"))) == 2
        server = descendants(process.pid)
        assert server
        process.kill()
        process.wait()
        until(lambda: gone(server), seconds=30)
    verdicts = Verdict.objects.filter(judge=scorer.judge)
    assert verdicts.count() == 20
    for verdict in verdicts:
        assert "server" not in verdict.failure
        assert verdict.failure or -1 <= verdict.earliest_error < verdict.step_count
