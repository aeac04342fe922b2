"""`misstep loop`: the way from traces to better models, proven on a small policy."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from misstep.local import addresses


class Command(BaseCommand):
    help = (
        "Make a small policy from nothing, let the truth review its traces in this home's tables, "
        "export, train, compare, and write a report. Give it a home of its own: MISSTEP_HOME."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
        parser.add_argument("--small", action="store_true", help="a trial that learns nothing")

    def handle(self, **options: Any) -> None:
        from training.loop.whole_loop import measure  # brings torch along

        folder = Path(addresses.home()) / "report"
        path = measure(folder, options["seeds"], small=options["small"])
        self.stdout.write(str(path))
