"""`misstep score DATASET --scorer NAME`: a run through the workers, followed to its end."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from inference.errors import ScoringRefused
from inference.models import Scorer, ScoringRun
from inference.progress import progress
from inference.runs import start_run
from misstep.following import follow
from misstep.local.workers import with_workers
from misstep.recipe_options import add_recipe_options, scorer_of
from traces.models import Dataset


class Command(BaseCommand):
    help = "Judge a dataset's traces with a scorer on the workers, and wait for the end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dataset", help="the dataset's name")
        add_recipe_options(parser)
        parser.add_argument(
            "--only-missing", action="store_true", help="leave out what the scorer has judged"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        dataset = Dataset.objects.filter(name=options["dataset"]).first()
        if dataset is None:
            raise CommandError(f"There is no dataset {options['dataset']!r}.")
        try:
            scorer = scorer_of(options)
            with with_workers([scorer.queue]) as workers:
                run = self._start(scorer, dataset, only_missing=options["only_missing"])
                follow(run, workers)
        except ScoringRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        except KeyboardInterrupt:
            raise CommandError("The run goes on without this command.") from None
        self._sum_up(run)

    def _start(self, scorer: Scorer, dataset: Dataset, *, only_missing: bool) -> ScoringRun:
        going = ScoringRun.objects.going().filter(scorer=scorer, dataset=dataset).first()
        if going is not None:
            self.stderr.write(f"Run {going.pk} is at it already; following that one.")
            return going
        return start_run(scorer, dataset=dataset, created_by=None, only_missing=only_missing)

    def _sum_up(self, run: ScoringRun) -> None:
        state = progress(run)
        speed = f" at {state.rate:.1f} traces a second" if state.rate else ""
        self.stdout.write(
            f"Run {run.pk} {run.get_status_display()}: {state.judged:,} of {state.traces:,} traces "
            f"judged{speed}, {state.unparsable:,} without an answer."
        )
        for failure in state.failures:
            self.stdout.write(
                f"  {failure.count:,} x {failure.reason} For example trace "
                f"{failure.example_trace_id}."
            )
        if run.status != ScoringRun.Status.FINISHED:
            reasons = "".join(f" {error.error}" for error in state.errors)
            raise CommandError(f"Run {run.pk} {run.get_status_display()}.{reasons}")
