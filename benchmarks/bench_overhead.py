"""Platform overhead: a run of a scorer that does nothing, through a real worker.

The time is from the run's start to its end: shards dispatched, traces read, verdicts and counts
written. Environment variables: BENCH_OVERHEAD_TRACES (100,000), BENCH_OVERHEAD_ROUNDS (2).
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.bench_import import imported, seconds, written
from benchmarks.report import Figure
from benchmarks.scratch import scratch_database

TRACES = int(os.environ.get("BENCH_OVERHEAD_TRACES", "100000"))
ROUNDS = int(os.environ.get("BENCH_OVERHEAD_ROUNDS", "2"))
LOOK_EVERY = 0.05


def measure() -> Iterator[Figure]:
    with scratch_database() as database, tempfile.TemporaryDirectory() as folder:
        imported(written(Path(folder), TRACES), "large")
        settle()
        with worker(database) as process:
            yield from measure_run(process.pid)


def measure_run(process: int) -> Iterator[Figure]:
    """Alternate runs with a COPY of their verdicts and use the best of each."""
    ours, bare, memory, busy = [], [], [], []
    for _ in range(ROUNDS):
        empty_verdicts()
        before = processor_time(process)
        ours.append(scored(process, memory))
        busy.append(processor_time(process) - before)
        rows = dumped_verdicts()
        empty_verdicts()
        bare.append(seconds(lambda rows=rows: copied_verdicts(rows)))
    yield Figure("a run that does nothing", TRACES / min(ours), "traces/s", at_least=5000)
    yield Figure("bare COPY of its verdicts", TRACES / min(bare), "traces/s")
    yield Figure("run / bare COPY", min(bare) / min(ours), "of its rate")
    yield Figure("the worker's own processor time", 1e6 * min(busy) / TRACES, "us a trace")
    early, late = memory[len(memory) // 10], max(memory)
    yield Figure("the worker's memory, most of all", late / 1024, "MiB")
    yield Figure("memory, most / at a tenth", late / early, "times", at_most=1.1)


def scored(process: int, memory: list[int]) -> float:
    """Score the dataset and return the seconds from the run's start to its end."""
    from benchmarks.do_nothing import NAME
    from inference.runs.start import start_run
    from inference.scorers.registry import builtin_scorer
    from traces.models import Dataset, Verdict

    began = time.perf_counter()
    run = start_run(builtin_scorer(NAME), dataset=Dataset.objects.get(), created_by=None)
    while not run.is_over:
        time.sleep(LOOK_EVERY)
        memory.append(held_by(process))
        run.refresh_from_db()
    took = time.perf_counter() - began
    assert run.status == "finished", run.status
    assert Verdict.objects.filter(origin_id=run.pk, judge=run.scorer.judge).count() == TRACES
    return took


@contextmanager
def worker(database: str) -> Iterator[subprocess.Popen[bytes]]:
    """Yield one worker with one process, once it is registered."""
    from benchmarks.do_nothing import PREFIX
    from inference.models import Worker
    from misstep.local import addresses

    address = urlsplit(addresses.database_url())._replace(path=f"/{database}").geturl()
    options = ["-Q", "checker", "--pool", "solo", "--without-mingle", "--without-gossip"]
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "benchmarks.do_nothing", "worker", *options],
        env=os.environ | {"DATABASE_URL": address, "BENCH_OVERHEAD_MESSAGES": PREFIX},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not Worker.objects.exists():
            assert process.poll() is None, "the worker ended before it began"
            time.sleep(LOOK_EVERY)
        yield process
    finally:
        process.terminate()
        process.wait()


def held_by(process: int) -> int:
    """Return a process's memory in KiB (Linux)."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def processor_time(process: int) -> float:
    """Return the CPU seconds of a process, independent of other load (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def settle() -> None:
    """Vacuum and analyze the tables, as autovacuum does some time after an import."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE traces_problem, traces_trace, traces_verdict")


def empty_verdicts() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE traces_verdict CASCADE")


def dumped_verdicts() -> bytes:
    from django.db import connection

    with (
        connection.cursor() as cursor,
        cursor.copy("COPY traces_verdict TO STDOUT (FORMAT binary)") as copy,
    ):
        return b"".join(copy)


def copied_verdicts(rows: bytes) -> None:
    from django.db import connection, transaction

    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy("COPY traces_verdict FROM STDIN (FORMAT binary)") as copy,
    ):
        copy.write(rows)
