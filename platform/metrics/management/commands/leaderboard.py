"""`misstep leaderboard [DATASET] [--reference JUDGE] [--json]`."""

import json
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console

from metrics.judges.leaderboard import leaderboard
from metrics.judges.output import leaderboard_json, leaderboard_table
from traces.management.lookup import get_dataset
from traces.models import Judge


class Command(BaseCommand):
    help = "Print the leaderboard: ProcessBench F1 of every judge."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dataset", nargs="?", help="dataset name; default: all datasets")
        parser.add_argument(
            "--reference",
            metavar="JUDGE",
            help="reference judge; default: dataset labels",
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        dataset = get_dataset(options["dataset"]) if options["dataset"] else None
        reference = _judge(options["reference"]) if options["reference"] else None
        board = leaderboard(dataset, reference)
        if options["json"]:
            self.stdout.write(json.dumps(leaderboard_json(board), indent=2, ensure_ascii=False))
        else:
            console = Console(file=cast(IO[str], self.stdout))
            console.print(leaderboard_table(board, console.width))


def _judge(name: str) -> Judge:
    found = list(Judge.objects.named(name).order_by("pk")[:2])
    if len(found) == 1:
        return found[0]
    if found:
        raise CommandError(
            f"Several judges are named {name!r}. Give the revision too, as in NAME@REVISION."
        )
    names = ", ".join(str(judge) for judge in Judge.objects.order_by("name", "pk")[:20])
    raise CommandError(f"No judge {name!r}. Judges: {names or 'none yet'}.")
