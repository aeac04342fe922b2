"""`misstep import FILE`: import traces and their labels from files or from the Hub."""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from traces.formats import FORMATS, ReadOptions
from traces.imports.import_job import ImportRefused, create_import, run_import
from traces.imports.preview import dry_run
from traces.imports.progress_bar import show_progress
from traces.imports.sources import HUB, name_for
from traces.imports.staging import Progress
from traces.imports.store import Counts
from traces.models import Import
from traces.records import RejectedRow
from traces.segmentation.split import SPLITTERS

SHOWN_REJECTIONS = 5


def add_format_arguments(parser: ArgumentParser) -> None:
    """Add the options that a file leaves open."""
    parser.add_argument(
        "--neutral",
        default="positive",
        choices=["positive", "negative"],
        help="count steps rated 0 as; default: positive, as in ProcessBench",
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=PATH",
        help="path of a field in the rows, such as problem=question.text; repeatable",
    )
    parser.add_argument(
        "--cut",
        default="blank-line",
        choices=list(SPLITTERS),
        help="split unsplit texts into steps by; default: blank lines",
    )
    parser.add_argument("--marker", default="", help="the text between steps, for --cut marker")
    parser.add_argument(
        "--label-base",
        type=int,
        default=0,
        choices=[0, 1],
        help="number of the first step in the labels; default: 0",
    )
    parser.add_argument("--generator", default="", help="for rows without one")
    parser.add_argument("--subset", default="", help="for rows without one")


class Command(BaseCommand):
    help = "Import traces and labels from a file, a folder or a Hugging Face dataset."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="a file, a folder, or hub:owner/name")
        parser.add_argument("--dataset", help="dataset name; defaults to the file name")
        parser.add_argument(
            "--format",
            default="",
            choices=list(FORMATS),
            metavar="FORMAT",
            help="detected from the fields by default; general with --map",
        )
        parser.add_argument("--revision", help="branch, tag or commit of a Hugging Face dataset")
        add_format_arguments(parser)
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help=("show what would be imported, without storing anything"),
        )
        parser.add_argument("--report", type=Path, help="write the rejected rows to this file")

    def handle(self, **arguments: Any) -> None:
        source = source_of(arguments["source"], arguments["revision"])
        if arguments["report"] and not arguments["report"].resolve().parent.is_dir():
            raise CommandError(f"--report {arguments['report']}: the folder doesn't exist.")
        try:
            target: dict[str, Any] = {
                "dataset_name": arguments["dataset"] or name_for(source),
                "source": source,
                # Only the general format reads a mapping.
                "format": arguments["format"] or ("general" if arguments["map"] else ""),
                "options": options_of(arguments),
            }
            if arguments["dry_run"]:
                self.run_dry(target, arguments["report"])
            else:
                self.run_import(target, arguments["report"])
        except (ValueError, OSError) as error:
            raise CommandError(str(error)) from error

    def run_dry(self, target: dict[str, Any], report: Path | None) -> None:
        progress = Progress()
        with show_progress(progress):
            result = dry_run(**target, progress=progress, limit=1_000_000 if report else 100)
        self.stdout.write(
            f"Nothing was stored. This would be imported into {target['dataset_name']}:"
        )
        self.summarise(result.counts)
        self.show_rejections(result.rejections, result.counts.rejected, report)

    def run_import(self, target: dict[str, Any], report: Path | None) -> None:
        created = create_import(**target)
        progress = Progress()
        with show_progress(progress):
            run_import(created.pk, progress)
        done = Import.objects.get(pk=created.pk)
        if done.status != Import.Status.FINISHED:
            raise ImportRefused(done.error)
        self.stdout.write(f"Import {done.pk} into {done.dataset_name}:")
        self.summarise(done)
        rows = done.rejections.order_by("pk").values_list("line", "field", "reason", "excerpt")
        self.show_rejections((RejectedRow(*row) for row in rows.iterator()), done.rejected, report)

    def summarise(self, counts: Counts | Import) -> None:
        for count, label in (
            (counts.rows_read, "rows read"),
            (counts.traces_new, "new traces"),
            (counts.traces_duplicate, "of these with duplicate content"),
            (counts.traces_known, "traces already imported"),
            (counts.problems_new, "new problems"),
            (counts.labels_new, "new labels"),
            (counts.labels_changed, "changed labels"),
            (counts.rejected, "rows rejected"),
        ):
            self.stdout.write(f"{count:>12,}  {label}")

    def show_rejections(
        self, rejections: Iterable[RejectedRow], count: int, report: Path | None
    ) -> None:
        if report:
            rejections = write_report(report, rejections)
        for number, row in enumerate(rejections):
            if number == SHOWN_REJECTIONS:
                break
            self.stdout.write(f"{place_of(row)}: {row.reason}")
        if report:
            self.stdout.write(f"All rejected rows: {report}")
        elif count > SHOWN_REJECTIONS:
            self.stdout.write(
                f"and {count - SHOWN_REJECTIONS:,} more; --report FILE writes all of them."
            )


def place_of(row: RejectedRow) -> str:
    """Return the line and field of a rejection. Line 0 is a whole file, "" the whole row."""
    return ", ".join(part for part in (f"line {row.line}" if row.line else "", row.field) if part)


def source_of(text: str, revision: str | None) -> str:
    """Return the source with a full path, since the worker may run in another folder."""
    if text.startswith(HUB):
        return f"{text}@{revision}" if revision else text
    if revision:
        raise CommandError("--revision only applies to hub:owner/name.")
    return str(Path(text).resolve())


def options_of(arguments: dict[str, Any]) -> ReadOptions:
    """Return the read options of the command's arguments. Raises CommandError or ValueError."""
    pairs = [text.partition("=") for text in arguments["map"]]
    for name, equals, path in pairs:
        if not (name and equals and path):
            raise CommandError(
                f"--map {name}{equals}{path}: use FIELD=PATH, such as problem=question."
            )
    return ReadOptions(
        neutral=arguments["neutral"],
        mapping={name: path for name, _, path in pairs},
        cut=arguments["cut"],
        marker=arguments["marker"],
        label_base=arguments["label_base"],
        generator=arguments["generator"],
        subset=arguments["subset"],
    )


def write_report(path: Path, rejections: Iterable[RejectedRow]) -> list[RejectedRow]:
    """Write the rejected rows as JSON Lines and return the first of them."""
    first: list[RejectedRow] = []
    with path.open("wb") as file:
        for row in rejections:
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
            if len(first) < SHOWN_REJECTIONS:
                first.append(row)
    return first
