"""`misstep train EXPORT JOB --base MODEL`: a training run through a worker, followed to its end."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.refusals import exit_on_refusal
from exports.models import Export
from jobs.follow import follow_job
from misstep.local.workers import TemporaryWorkers, with_workers
from training.jobs import JOBS
from training.models import TrainingRun
from training.runs import start_run
from training.scorer_registration import register_scorer


class Command(BaseCommand):
    help = "Train a model on an export, on a training worker, and wait for the result."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("export", type=int, help="number of the export")
        parser.add_argument("job", choices=list(JOBS))
        parser.add_argument(
            "--base", required=True, help=("a folder, or the ID of a Hugging Face model")
        )
        parser.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="a setting of the job, such as learning_rate=1e-5; docs/training.md lists all",
        )
        parser.add_argument(
            "--scorer",
            default="",
            help=("with the job prm: register the result as a scorer of this name"),
        )

    @exit_on_refusal
    def handle(self, **options: Any) -> None:
        export = Export.objects.filter(pk=options["export"]).first()
        if export is None:
            raise CommandError(f"No export {options['export']}.")
        values = {"base": options["base"], **_settings(options["set"])}
        with with_workers(["training"]) as workers:
            run = start_run(export, job=options["job"], values=values, created_by=None)
            self._follow(run, workers)
        self._sum_up(run)
        if options["scorer"]:
            scorer = register_scorer(run, name=options["scorer"])
            self.stdout.write(f"{scorer.name} is ready to score traces.")

    def _follow(self, run: TrainingRun, workers: TemporaryWorkers) -> None:
        try:
            follow_job(run, title=run.job, check=workers.check, note=lambda: _loss(run))
        except KeyboardInterrupt:
            raise CommandError(f"Run {run.pk} continues without this command.") from None

    def _sum_up(self, run: TrainingRun) -> None:
        if run.status != TrainingRun.Status.FINISHED:
            raise CommandError(f"Run {run.pk} {run.get_status_display()}. {run.error}")
        self.stdout.write(f"Run {run.pk} finished after {run.step:,} updates: {run.model}")


def _loss(run: TrainingRun) -> str:
    loss = run.metrics[-1].get("loss") if run.metrics else None
    return "" if loss is None else f"loss {loss:.4g}"


def _settings(pairs: list[str]) -> dict[str, Any]:
    """Parse NAME=VALUE pairs; values are numbers, true, false or lists as in JSON, else text."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not (name and equals):
            raise CommandError(f"--set {pair}: use NAME=VALUE, such as epochs=2.")
        try:
            found[name] = json.loads(value)
        except json.JSONDecodeError:
            found[name] = value
    return found
