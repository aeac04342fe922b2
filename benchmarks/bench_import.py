"""Import: speed against a bare COPY of the same rows, memory, and one trace into a large dataset.

Environment variables for sizes: BENCH_IMPORT_TRACES (100,000) for the rate and the large dataset,
BENCH_IMPORT_MEMORY_TRACES (100,000) for the larger of the two memory runs, BENCH_IMPORT_ROUNDS (2).
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.report import Figure
from benchmarks.scratch import scratch_database, use_database

TRACES = int(os.environ.get("BENCH_IMPORT_TRACES", "100000"))
MEMORY_TRACES = int(os.environ.get("BENCH_IMPORT_MEMORY_TRACES", "100000"))
FEW = 10_000
ROUNDS = int(os.environ.get("BENCH_IMPORT_ROUNDS", "2"))
SINGLE_IMPORTS = 15
TABLES = ("traces_problem", "traces_trace", "traces_verdict")
PIECE = 1 << 20  # bytes per write to COPY


def measure() -> Iterator[Figure]:
    with scratch_database() as database, tempfile.TemporaryDirectory() as folder:
        yield from measure_rate(written(Path(folder), TRACES))
        yield from measure_single(Path(folder))
        yield from measure_memory(Path(folder), database)


def measure_rate(path: Path) -> Iterator[Figure]:
    """Alternate the rounds and use the best of each, because other work only slows them."""
    ours, bare = [], []
    for _ in range(ROUNDS):
        empty()
        ours.append(seconds(lambda: imported(path, "large")))
        rows = dumped()
        empty()
        bare.append(seconds(lambda rows=rows: copied(rows)))
        del rows
    yield Figure("size of a trace's line", path.stat().st_size / TRACES, "bytes")
    yield Figure("import, from file to committed", TRACES / min(ours), "traces/s")
    yield Figure("bare COPY of the same rows", TRACES / min(bare), "traces/s")
    yield Figure("import / bare COPY", min(bare) / min(ours), "of its rate", at_least=0.4)


def measure_single(folder: Path) -> Iterator[Figure]:
    """Import single traces into new datasets and into "large", which `measure_rate` left."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")
    into_empty, into_many = [], []
    for number in range(SINGLE_IMPORTS):
        path = written(folder, 1, seed=1000 + number)
        into_empty.append(seconds(lambda n=number, p=path: imported(p, f"empty-{n}")))
        into_many.append(seconds(lambda p=path: imported(p, "large")))
    yield Figure("one trace into none", 1000 * median(into_empty), "ms")
    yield Figure(f"one trace into {TRACES:,}", 1000 * median(into_many), "ms")
    yield Figure(
        "into many / into none", median(into_many) / median(into_empty), "times", at_most=1.5
    )


def measure_memory(folder: Path, database: str) -> Iterator[Figure]:
    peaks = []
    for count in (FEW, MEMORY_TRACES):
        empty()
        path = written(folder, count, seed=7)
        command = [sys.executable, "-m", "benchmarks.bench_import", str(path), database]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        peaks.append(int(done.stdout.split()[-1]))
        yield Figure(f"peak memory importing {count:,}", peaks[-1] / 1024, "MiB")
    yield Figure("peak memory, larger / smaller", peaks[1] / peaks[0], "times", at_most=1.2)


def imported(path: Path, name: str) -> None:
    from traces.imports.import_job import create_import, run_import
    from traces.models import Import

    started = create_import(dataset_name=name, source=str(path))
    run_import(started.pk)
    started.refresh_from_db()
    assert started.status == Import.Status.FINISHED, started.error


def dumped() -> dict[str, bytes]:
    from django.db import connection

    rows = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            with cursor.copy(f"COPY {table} TO STDOUT (FORMAT binary)") as copy:
                rows[table] = b"".join(copy)
    return rows


def copied(rows: dict[str, bytes]) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            view = memoryview(rows[table])
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
                for start in range(0, len(view), PIECE):
                    copy.write(view[start : start + PIECE])


def empty() -> None:
    """Delete everything but datasets, generators and judges."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")


def written(folder: Path, count: int, seed: int = 1) -> Path:
    from traces.samples import generate
    from traces.samples.writer import write_samples

    path = folder / f"{count}-{seed}.jsonl"
    if not path.exists():
        write_samples(path, generate(count, seed))
    return path


def seconds(run: Any) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    """Run one import in this process and print its peak memory in KiB (Linux)."""
    path, database = sys.argv[1:]
    use_database(database)
    imported(Path(path), f"memory-{Path(path).stem}")
    status = Path("/proc/self/status").read_text()
    print(status.partition("VmHWM:")[2].split()[0])


if __name__ == "__main__":
    main()
