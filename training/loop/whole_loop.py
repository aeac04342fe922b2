"""The whole experiment: the parts of every seed, two processes at a time, and the report."""

import json
import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path

from exports.models import Export
from traces.models import Dataset
from training.loop.experiment import SMALL_SIZES, ExperimentSizes
from training.loop.one_seed import PARTS, merge_parts, run_part
from training.loop.report import write_report

PROCESSES = 2


def run_experiment(folder: Path, seeds: list[int], *, small: bool = False) -> Path:
    """Run all seeds and return the path of the report.

    Deletes the datasets and exports of an earlier experiment.
    """
    start = time.monotonic()
    Export.objects.filter(dataset__name__startswith="loop-").delete()
    Dataset.objects.filter(name__startswith="loop-").delete()
    folder.mkdir(parents=True, exist_ok=True)
    # One thread per process: two processes use two cores better than two threads of one process.
    os.environ["OMP_NUM_THREADS"] = "1"
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, mp_context=spawn) as pool:
        task = partial(run_part, folder=folder, small=small)
        by_part = [pool.map(partial(task, part), seeds) for part in PARTS]
        results = [merge_parts(parts) for parts in zip(*by_part, strict=True)]
    sizes = SMALL_SIZES if small else ExperimentSizes()
    (folder / "results.json").write_text(json.dumps({"sizes": asdict(sizes), "seeds": results}))
    return write_report(folder, results, sizes, (time.monotonic() - start) / 60)
