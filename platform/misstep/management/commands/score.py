"""`misstep score DATASET --scorer NAME`: a run through the workers, followed to its end."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.refusals import exit_on_refusal
from inference.models import Priority, Schedule, Scorer, ScoringRun
from inference.runs.control import resume_run
from inference.runs.schedules.scheduler import create_schedule
from inference.runs.start import start_run
from inference.runs.statistics import run_progress
from misstep.cli.run_progress import follow
from misstep.cli.scorer_options import add_recipe_options, scorer_of
from misstep.local.workers import with_workers
from traces.management.lookup import get_dataset


class Command(BaseCommand):
    help = "Score the traces of a dataset on the workers, now or later. See also `misstep runs`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dataset", help="dataset name")
        add_recipe_options(parser)
        parser.add_argument("--filter", default="", help="only the traces of this saved filter")
        parser.add_argument(
            "--missing",
            "--only-missing",
            action="store_true",
            help="skip traces already scored",
        )
        parser.add_argument(
            "--priority",
            choices=[priority.label for priority in Priority],
            default=Priority.NORMAL.label,
            help="runs with a higher priority are scored first",
        )
        when = parser.add_argument_group("later", "schedule the run instead of starting it now")
        one = when.add_mutually_exclusive_group()
        one.add_argument("--at", type=_time, help="start at this time, such as 2027-01-31T02:30")
        one.add_argument(
            "--cron", default="", help="start on this cron schedule, such as '30 2 * * 1-5'"
        )
        one.add_argument("--on-new", action="store_true", help="start when traces are added")

    @exit_on_refusal
    def handle(self, *args: Any, **options: Any) -> None:
        chosen: dict[str, Any] = {
            "dataset": get_dataset(options["dataset"]),
            "created_by": None,
            "filter_name": options["filter"],
            "only_missing": options["missing"],
            "priority": Priority[options["priority"].upper()],
        }
        try:
            scorer = scorer_of(options)
            if options["at"] or options["cron"] or options["on_new"]:
                self._schedule(scorer, at=options["at"], cron=options["cron"], **chosen)
                return
            with with_workers([scorer.queue]) as workers:
                run = self._start(scorer, chosen)
                follow(run, workers)
        except KeyboardInterrupt:
            raise CommandError("The run continues without this command.") from None
        self._sum_up(run)

    def _start(self, scorer: Scorer, chosen: dict[str, Any]) -> ScoringRun:
        """Start a run, or follow a going one over the same traces, resumed if it is paused."""
        going = ScoringRun.objects.going().filter(
            scorer=scorer,
            dataset=chosen["dataset"],
            filter_name=chosen["filter_name"],
            after_trace=None,  # a schedule's run over what arrived is another
        )
        run = going.first()
        if run is None:
            return start_run(scorer, **chosen)
        if run.status == ScoringRun.Status.PAUSED:
            self.stderr.write(resume_run(run))
        self.stderr.write(f"Run {run.pk} is already running. Showing its progress.")
        return run

    def _schedule(self, scorer: Scorer, **asked: Any) -> None:
        schedule = create_schedule(scorer, **asked)
        when = "when traces are added"
        if schedule.when != Schedule.When.NEW:
            when = f"next at {timezone.localtime(schedule.next_at):%Y-%m-%d %H:%M %Z}"
        self.stdout.write(
            f"Schedule {schedule.pk}: {scorer.name} on {schedule.dataset.name}, {when}, while "
            "`misstep up` or a scheduler runs."
        )

    def _sum_up(self, run: ScoringRun) -> None:
        state = run_progress(run)
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


def _time(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is not a time. Use the form 2027-01-31T02:30.") from None
    return found if timezone.is_aware(found) else timezone.make_aware(found)
