"""A run through the database and a real worker, with its engine killed, and then itself."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from django.db import connection

from inference.backends import load_backend
from inference.backends.interface import Recipe, TraceText
from inference.backends.vllm.servers import stop_all
from inference.runs.start import start_run
from inference.runs.wait import wait_for_run
from inference.scorers.registry import get_or_create_scorer
from misstep.local import addresses
from tests.factories import make_dataset, make_trace
from tests.vllm.processes import descendants, engine_of, gone
from tests.waiting import comes_true
from traces.models import Verdict

pytestmark = [
    pytest.mark.vllm,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("vllm_folder"),
]


@contextmanager
def worker(log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start a worker as `misstep up` does, on this test's database, writing to the log."""
    address = urlsplit(addresses.database_url())
    database = address._replace(path="/" + connection.settings_dict["NAME"]).geturl()
    command = [sys.executable, "-m", "celery", "-A", "tests.inference.worker_app", "worker"]
    options = ["-Q", "prm,critic", "--pool", "threads", "--concurrency", "1"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, *options],
            env=os.environ | {"DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "tests.settings"},
            stdout=output,
            stderr=output,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def log_of(process: int, folder: Path) -> Path | None:
    """Return the log of the worker's last server."""
    logs = sorted(folder.glob(f"server-{process}-*.log"), key=lambda log: log.stat().st_mtime)
    return logs[-1] if logs else None


def serves(log: Path | None) -> bool:
    return log is not None and "Application startup complete" in log.read_text(errors="replace")


def requests_to(log: Path, process: int) -> int:
    """Return the number of the worker's connections to the server of that log."""
    port = int(log.stem.rpartition("-")[2])
    connections = psutil.Process(process).net_connections("tcp")
    return sum(1 for found in connections if found.raddr and found.raddr.port == port)


def test_a_killed_engine_costs_no_trace_and_a_killed_worker_leaves_no_engine(
    tiny_prm: Path, vllm_folder: Path
):
    stop_all()  # the worker's server is to have the GPU at once
    dataset = make_dataset()
    traces = [make_trace(dataset, steps=["One.", "2 = 2", "So."][: n % 3 + 1]) for n in range(120)]
    scorer = get_or_create_scorer(
        "served", backend="vllm-pooling", model=str(tiny_prm), parameters={"dtype": "float32"}
    )
    run = start_run(scorer, dataset=dataset, created_by=None)
    with worker(vllm_folder / "worker.log") as process:
        assert comes_true(lambda: serves(log_of(process.pid, vllm_folder)))
        engine = engine_of(process.pid)
        engine.suspend()  # so that it dies while it has questions
        log = log_of(process.pid, vllm_folder)
        assert log is not None
        assert comes_true(lambda: requests_to(log, process.pid) > 10)
        engine.kill()
        run = wait_for_run(run, interval=0.2)
        assert run.status == "finished"
        assert set(run.shards.values_list("attempts", flat=True)) == {1}
        assert len(list(vllm_folder.glob(f"server-{process.pid}-*.log"))) == 2
        server = descendants(process.pid)
        assert any("VLLM::EngineCore" in " ".join(each.cmdline()) for each in server)
        process.kill()
        process.wait()
        assert comes_true(lambda: gone(server), seconds=30)
    here = load_backend(Recipe("qwen-prm", str(tiny_prm), parameters={"dtype": "float32"}))
    findings = here.judge([TraceText(trace.problem.text, trace.steps) for trace in traces])
    verdicts = Verdict.objects.filter(judge=scorer.judge).order_by("trace_id")
    assert [v.trace_id for v in verdicts] == [trace.pk for trace in traces]
    for verdict, finding in zip(verdicts, findings, strict=True):
        assert verdict.scores == pytest.approx(finding.scores, abs=1e-3)
