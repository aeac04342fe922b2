"""Export: speed against a bare binary COPY of the same rows through orjson, and memory.

Both start in the database and end in files on disk. The bare run only reads and writes: no rule, no
order, no hashes, no lineage, no compression. Environment variables for sizes:
BENCH_EXPORT_TRACES (100,000), BENCH_EXPORT_ROUNDS (2), BENCH_EXPORT_RECIPE (processbench).
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.report import Figure
from benchmarks.scratch import scratch_database, use_database

TRACES = int(os.environ.get("BENCH_EXPORT_TRACES", "100000"))
ROUNDS = int(os.environ.get("BENCH_EXPORT_ROUNDS", "2"))
RECIPE = os.environ.get("BENCH_EXPORT_RECIPE", "processbench")
NAME = "large"

_BARE = """
SELECT t.external_id, g.name, p.text, t.steps, t.final_answer_correct, v.earliest_error
FROM traces_trace t
JOIN traces_problem p ON p.id = t.problem_id
JOIN traces_generator g ON g.id = t.generator_id
JOIN traces_verdict v ON v.trace_id = t.id AND v.is_current
"""
_BARE_TYPES = ["text", "text", "text", "text[]", "bool", "int2"]
_BARE_NAMES = ["id", "generator", "problem", "steps", "final_answer_correct", "label"]


def measure() -> Iterator[Figure]:
    with scratch_database() as database, tempfile.TemporaryDirectory() as folder:
        fill(Path(folder))
        yield from measure_rate(Path(folder))
        yield from measure_memory(Path(folder), database)
        yield from measure_counts()


def measure_rate(folder: Path) -> Iterator[Figure]:
    """Alternate the rounds and use the best of each, because other work only slows them."""
    bare: list[float] = []
    ours: dict[str, list[float]] = {"jsonl": [], "parquet": []}
    for _ in range(ROUNDS):
        bare.append(seconds(lambda: write_bare(folder / "bare.jsonl")))
        for file_format, times in ours.items():
            times.append(seconds(lambda f=file_format: exported(f, folder)))
    yield Figure("bare COPY through orjson", TRACES / min(bare), "rows/s")
    for file_format, times in ours.items():
        yield Figure(f"export to {file_format}", TRACES / min(times), "rows/s")
        share = min(bare) / min(times)
        yield Figure(f"export to {file_format} / bare", share, "of its rate", at_least=0.4)


def measure_memory(folder: Path, database: str) -> Iterator[Figure]:
    for file_format in ("jsonl", "parquet"):
        command = [sys.executable, "-m", "benchmarks.bench_export"]
        command += [file_format, str(folder), database]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        peak = int(done.stdout.split()[-1]) * 1024 / 1e6
        yield Figure(f"peak memory, {file_format}", peak, "MB", at_most=300)


def measure_counts() -> Iterator[Figure]:
    """Measure the counts that the rule's page shows while the rule is edited."""
    from exports.curation.rule import Rule
    from exports.curation.rule_preview import count
    from traces.models import Dataset

    dataset = Dataset.objects.get(name=NAME)
    busy = Rule(validation=0.1, test=0.1, per_problem=3, balance="split", least_rate=0.1)
    yield Figure("counts of the usual rule", seconds(lambda: count(dataset, Rule())), "s")
    yield Figure("counts of a rule with everything", seconds(lambda: count(dataset, busy)), "s")


def fill(folder: Path) -> None:
    from django.db import connection

    from traces.imports.import_job import create_import, run_import
    from traces.models import Import
    from traces.samples import generate
    from traces.samples.writer import write_samples

    path = folder / "samples.jsonl"
    write_samples(path, generate(TRACES, 1))
    started = create_import(dataset_name=NAME, source=str(path))
    run_import(started.pk)
    started.refresh_from_db()
    assert started.status == Import.Status.FINISHED, started.error
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def write_bare(path: Path) -> None:
    import orjson
    from django.db import connection

    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({_BARE}) TO STDOUT (FORMAT binary)") as copy,
        path.open("wb", buffering=1 << 20) as file,
    ):
        copy.set_types(_BARE_TYPES)
        for row in copy.rows():
            line = dict(zip(_BARE_NAMES, row, strict=True))
            file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))


def exported(file_format: str, folder: Path) -> None:
    from django.conf import settings

    from exports.curation.rule import Rule
    from exports.export_job import new_export, run_export
    from exports.files.layout import Layout
    from exports.models import Export
    from traces.models import Dataset

    settings.DATA_DIR = folder
    layout = Layout(file_format=file_format)
    rule = Rule(duplicates="kept")
    export = new_export(Dataset.objects.get(name=NAME), recipe=RECIPE, rule=rule, layout=layout)
    run_export(export.pk)
    export.refresh_from_db()
    assert export.status == Export.Status.FINISHED, export.error
    assert export.row_count >= TRACES, export.row_count


def seconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main() -> None:
    """Run one export in this process and print its peak memory in KiB (Linux)."""
    file_format, folder, database = sys.argv[1:]
    use_database(database)
    exported(file_format, Path(folder))
    status = Path("/proc/self/status").read_text()
    print(status.partition("VmHWM:")[2].split()[0])


if __name__ == "__main__":
    main()
