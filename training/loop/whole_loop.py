"""The whole loop: the parts of every seed, two at a time in processes of their own; the report."""

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
from training.loop.experiment import SMALL, Sizes
from training.loop.one_seed import PARTS, joined, one_seed
from training.loop.report import write_report

AT_ONCE = 2


def measure(folder: Path, seeds: list[int], *, small: bool = False) -> Path:
    """The report's path. What an earlier loop left in the tables and the folder goes."""
    began = time.monotonic()
    Export.objects.filter(dataset__name__startswith="loop-").delete()
    Dataset.objects.filter(name__startswith="loop-").delete()
    folder.mkdir(parents=True, exist_ok=True)
    # A thread a process: two parts share the cores better than the threads of one do.
    os.environ["OMP_NUM_THREADS"] = "1"
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(AT_ONCE, mp_context=spawn) as pool:
        work = partial(one_seed, folder=folder, small=small)
        by_part = [pool.map(partial(work, part), seeds) for part in PARTS]
        found = [joined(parts) for parts in zip(*by_part, strict=True)]
    sizes = SMALL if small else Sizes()
    (folder / "results.json").write_text(json.dumps({"sizes": asdict(sizes), "seeds": found}))
    return write_report(folder, found, sizes, (time.monotonic() - began) / 60)
