"""`misstep loop`: an experiment from traces to better models, with a small policy."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from misstep.local import addresses


class Command(BaseCommand):
    help = (
        "Train a small policy from scratch, label its traces with the ground truth, export, "
        "train, compare and write a report. Use a separate home: set MISSTEP_HOME."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
        parser.add_argument(
            "--small", action="store_true", help="a short trial run, too small to learn anything"
        )

    def handle(self, **options: Any) -> None:
        from training.loop.whole_loop import run_experiment  # imports torch

        folder = Path(addresses.home()) / "report"
        path = run_experiment(folder, options["seeds"], small=options["small"])
        self.stdout.write(str(path))
