"""`misstep evaluate FILE --scorer NAME`: import, score and compare with the labels."""

import json
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from accounts.refusals import exit_on_refusal
from inference.models import Scorer, ScoringRun
from inference.runs.start import start_run
from inference.scorers.registry import get_scorer
from metrics.judges.output import evaluation_json, evaluation_table
from misstep.cli.run_progress import follow
from misstep.local.workers import with_workers
from traces.imports.import_job import create_import, run_import
from traces.imports.progress_bar import show_progress
from traces.imports.sources import name_for
from traces.imports.staging import Progress
from traces.models import Dataset, Import


class Command(BaseCommand):
    help = "Import a labelled file, score it on the workers and print the ProcessBench table."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="path of the traces, or hub:owner/name")
        parser.add_argument("--scorer", required=True, help="arithmetic, or a scorer's name")
        parser.add_argument("--dataset", help="dataset name; defaults to the file name")
        parser.add_argument("--format", default="", help="file format; detected by default")
        parser.add_argument(
            "--json", action="store_true", help="print one JSON object instead of a table"
        )

    @exit_on_refusal
    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        scorer = get_scorer(options["scorer"])
        dataset = self._import(options)
        run = self._score(scorer, dataset)
        if run.status != ScoringRun.Status.FINISHED:
            raise CommandError(
                f"Run {run.pk} {run.get_status_display()}. The scoring page of `misstep up` "
                "shows the reason."
            )
        evaluation = evaluation_json(dataset, scorer.judge, time.monotonic() - started)
        if options["json"]:
            self.stdout.write(json.dumps(evaluation, ensure_ascii=False))
        else:
            Console().print(evaluation_table(evaluation))

    def _score(self, scorer: Scorer, dataset: Dataset) -> ScoringRun:
        with with_workers([scorer.queue]) as workers:
            return follow(start_run(scorer, dataset=dataset, created_by=None), workers)

    def _import(self, options: dict[str, Any]) -> Dataset:
        """Import the file in the foreground and return its dataset; known traces stay unchanged."""
        try:
            started = create_import(
                dataset_name=options["dataset"] or name_for(options["file"]),
                source=options["file"],
                format=options["format"],
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        progress = Progress()
        with show_progress(progress):
            run_import(started.pk, progress)
        started.refresh_from_db()
        if started.status != Import.Status.FINISHED or started.dataset is None:
            raise CommandError(started.error)
        if started.rejected:
            self.stderr.write(
                f"{started.rejected:,} rows could not be stored; `misstep up` shows why, at "
                f"/imports/{started.pk}/."
            )
        if not started.dataset.traces.exists():
            first = started.rejections.order_by("pk").first()
            raise CommandError(
                f"No traces in {options['file']}" + (f": {first.reason}" if first else ".")
            )
        return started.dataset
