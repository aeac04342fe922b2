"""`misstep check_summaries [--rebuild]`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from metrics.summaries import refresh
from metrics.summaries.verify import verify_summaries


class Command(BaseCommand):
    help = "Check the summary tables against the verdicts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--rebuild", action="store_true", help="recount everything first")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild"]:
            refresh.rebuild()
            refresh.refresh_statistics()
        else:
            refresh.update()
        found = verify_summaries()
        if found.differences:
            rows = ", ".join(f"{count:,} of {table}" for table, count in found.differences.items())
            raise CommandError(
                f"The summaries differ from the verdicts in these rows: {rows}."
                " Run `misstep check_summaries --rebuild` to recount everything."
            )
        self.stdout.write(f"The summaries of {found.traces:,} traces agree with the verdicts.")
