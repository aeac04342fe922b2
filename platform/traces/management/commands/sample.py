"""`misstep sample`: write generated traces with known errors."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from traces.samples import generate
from traces.samples.writer import write_samples


class Command(BaseCommand):
    help = "Write sample traces with labels to a file for `misstep import`."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, default=1000, help="number of traces")
        parser.add_argument(
            "--seed", type=int, default=0, help=("the same seed gives the same traces")
        )
        parser.add_argument(
            "--output",
            type=Path,
            default=Path("sample.jsonl"),
            help=".jsonl, .jsonl.gz, .jsonl.zst",
        )

    def handle(self, **options: Any) -> None:
        if options["count"] < 1:
            raise CommandError("--count must be at least 1.")
        if not options["output"].resolve().parent.is_dir():
            raise CommandError(f"--output {options['output']}: the folder doesn't exist.")
        try:
            count = write_samples(options["output"], generate(options["count"], options["seed"]))
        except (ValueError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} traces in {options['output']}")
