"""Run one benchmark or all. Every `bench_NAME.py` has `measure()`, which returns its figures."""

import importlib
import os
import sys
from pathlib import Path

from benchmarks.report import Figure, report

HERE = Path(__file__).resolve().parent


def main() -> None:
    """Run the benchmarks named on the command line and exit with 1 if a goal is missed."""
    names = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    selected = [name.removeprefix("bench_") for name in sys.argv[1:]] or names
    for name in selected:
        if name not in names:
            sys.exit(f"No benchmark {name!r}. Benchmarks: {', '.join(names)}.")
    # Use separate services and data from those of `misstep up`.
    os.environ.setdefault("MISSTEP_HOME", str(HERE.parent / ".misstep" / "bench"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "misstep.settings")
    os.environ.setdefault("MISSTEP_LOG_LEVEL", "WARNING")
    figures: list[Figure] = []
    for name in selected:
        figures += importlib.import_module(f"benchmarks.bench_{name}").measure()
    report(figures)
    sys.exit(any(figure.holds is False for figure in figures))


if __name__ == "__main__":
    main()
