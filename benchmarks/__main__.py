"""Run one benchmark or all: every `bench_NAME.py` has `measure()`, which gives its figures."""

import importlib
import os
import sys
from pathlib import Path

from benchmarks.report import Figure, report

HERE = Path(__file__).resolve().parent


def main() -> None:
    names = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    chosen = [name.removeprefix("bench_") for name in sys.argv[1:]] or names
    for name in chosen:
        if name not in names:
            sys.exit(f"There is no benchmark {name!r}; there are {', '.join(names)}.")
    # Services and data of their own, beside those that `misstep` keeps.
    os.environ.setdefault("MISSTEP_HOME", str(HERE.parent / ".misstep" / "bench"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "misstep.settings")
    os.environ.setdefault("MISSTEP_LOG_LEVEL", "WARNING")
    figures: list[Figure] = []
    for name in chosen:
        figures += importlib.import_module(f"benchmarks.bench_{name}").measure()
    report(figures)
    sys.exit(any(figure.holds is False for figure in figures))


if __name__ == "__main__":
    main()
