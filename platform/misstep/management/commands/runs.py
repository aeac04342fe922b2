"""`misstep runs`: scoring runs, and `misstep runs pause 7`: what may be asked of one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.refusals import exit_on_refusal
from inference.models import ScoringRun
from inference.runs.control import CONTROLS

SHOWN = 20


class Command(BaseCommand):
    help = "List the latest scoring runs, or pause, resume, cancel or retry one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", nargs="?", choices=["list", *CONTROLS], default="list")
        parser.add_argument("run", nargs="?", type=int, help="number of the run")

    @exit_on_refusal
    def handle(self, *args: Any, verb: str, run: int | None, **options: Any) -> None:
        if verb == "list":
            self._list()
            return
        found = ScoringRun.objects.filter(pk=run or 0).select_related("scorer").first()
        if found is None:
            raise CommandError(f"No run {run}. `misstep runs` lists all runs.")
        self.stdout.write(CONTROLS[verb](found))

    def _list(self) -> None:
        runs = ScoringRun.objects.select_related("scorer", "dataset").with_judged()
        for run in runs.order_by("-pk")[:SHOWN]:
            done = f"{run.judged:,} of {run.trace_count:,}"  # type: ignore[attr-defined]
            self.stdout.write(
                f"{run.pk:>6}  {run.get_status_display():<9}  {done}  {run.scorer.name} on "
                f"{run.dataset.name}"
            )
