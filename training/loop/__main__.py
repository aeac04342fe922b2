"""`make loop`: every seed in a process of its own, two at a time, then the report.

Services, database and folders are the loop's own, below the home in use.
"""

import json
import multiprocessing
import os
import sys
import time
from argparse import ArgumentParser
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path

from training.loop.one_seed import one_seed

AT_ONCE = 2


def main() -> None:
    parser = ArgumentParser(prog="python -m training.loop", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--small", action="store_true", help="a trial that learns nothing")
    asked = parser.parse_args()
    home = Path(os.environ.get("MISSTEP_HOME") or ".misstep").resolve() / "loop"
    os.environ["MISSTEP_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "misstep.settings")
    os.environ.setdefault("MISSTEP_LOG_LEVEL", "WARNING")
    os.environ["OMP_NUM_THREADS"] = "1"
    from misstep.local.keeping import services

    with services():
        path = measure(home, asked.seeds, small=asked.small)
    sys.stdout.write(f"{path}\n")


def measure(home: Path, seeds: list[int], *, small: bool) -> Path:
    _prepare()
    from training.loop.experiment import SMALL, Sizes

    began = time.monotonic()
    sizes = SMALL if small else Sizes()
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(AT_ONCE, mp_context=spawn) as pool:
        found = list(pool.map(partial(one_seed, home=home, small=small), seeds))
    from training.loop.report import write_report

    (home / "results.json").write_text(json.dumps({"sizes": asdict(sizes), "seeds": found}))
    return write_report(home, found, sizes, (time.monotonic() - began) / 60)


def _prepare() -> None:
    """Tables, and none of the last loop's rows."""
    import django

    django.setup()
    from exports.models import Export
    from misstep.tables import make_sure_of_tables
    from traces.models import Dataset

    make_sure_of_tables()
    Export.objects.filter(dataset__name__startswith="loop-").delete()
    Dataset.objects.filter(name__startswith="loop-").delete()


if __name__ == "__main__":
    main()
