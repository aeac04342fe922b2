"""`misstep import FILE`: bring in traces, with their labels, from files or from the Hub."""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from traces.formats import FORMATS, ReadOptions
from traces.imports.preview import dry_run
from traces.imports.progress_bar import show_progress
from traces.imports.run import ImportRefused, create_import, run_import
from traces.imports.sources import HUB, name_for
from traces.imports.staging import Progress
from traces.imports.store import Counts
from traces.models import Import
from traces.records import RejectedRow
from traces.segmentation.split import SPLITTERS

SHOWN_REJECTIONS = 5


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
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help=("show what would be imported, without storing anything"),
        )
        parser.add_argument("--report", type=Path, help="write the rejected rows to this file")

    def handle(self, **given: Any) -> None:
        source = source_of(given["source"], given["revision"])
        if given["report"] and not given["report"].resolve().parent.is_dir():
            raise CommandError(f"--report {given['report']}: the folder doesn't exist.")
        try:
            what: dict[str, Any] = {
                "dataset_name": given["dataset"] or name_for(source),
                "source": source,
                # Only the general format reads a mapping.
                "format": given["format"] or ("general" if given["map"] else ""),
                "options": options_of(given),
            }
            if given["dry_run"]:
                self.try_out(what, given["report"])
            else:
                self.bring_in(what, given["report"])
        except (ValueError, OSError) as error:
            raise CommandError(str(error)) from error

    def try_out(self, what: dict[str, Any], report: Path | None) -> None:
        progress = Progress()
        with show_progress(progress):
            trial = dry_run(**what, progress=progress, limit=1_000_000 if report else 100)
        self.stdout.write(
            f"Nothing was stored. This would be imported into {what['dataset_name']}:"
        )
        self.summarise(trial.counts)
        self.show_rejections(trial.rejections, trial.counts.rejected, report)

    def bring_in(self, what: dict[str, Any], report: Path | None) -> None:
        created = create_import(**what)
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
        for count, words in (
            (counts.rows_read, "rows read"),
            (counts.traces_new, "new traces"),
            (counts.traces_duplicate, "of these with duplicate content"),
            (counts.traces_known, "traces already imported"),
            (counts.problems_new, "new problems"),
            (counts.labels_new, "new labels"),
            (counts.labels_changed, "changed labels"),
            (counts.rejected, "rows rejected"),
        ):
            self.stdout.write(f"{count:>12,}  {words}")

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
    """Line 0 stands for a whole file of several, and an empty field for the whole row."""
    return ", ".join(part for part in (f"line {row.line}" if row.line else "", row.field) if part)


def source_of(text: str, revision: str | None) -> str:
    """The source as an import keeps it: a full path, whatever folder the worker runs in."""
    if text.startswith(HUB):
        return f"{text}@{revision}" if revision else text
    if revision:
        raise CommandError("--revision only applies to hub:owner/name.")
    return str(Path(text).resolve())


def options_of(given: dict[str, Any]) -> ReadOptions:
    pairs = [text.partition("=") for text in given["map"]]
    for name, equals, path in pairs:
        if not (name and equals and path):
            raise CommandError(
                f"--map {name}{equals}{path}: use FIELD=PATH, such as problem=question."
            )
    return ReadOptions(
        neutral=given["neutral"],
        mapping={name: path for name, _, path in pairs},
        cut=given["cut"],
        marker=given["marker"],
        label_base=given["label_base"],
        generator=given["generator"],
        subset=given["subset"],
    )


def write_report(path: Path, rejections: Iterable[RejectedRow]) -> list[RejectedRow]:
    """Write the refused rows as JSON lines; returns the first of them."""
    first: list[RejectedRow] = []
    with path.open("wb") as file:
        for row in rejections:
            file.write(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE))
            if len(first) < SHOWN_REJECTIONS:
                first.append(row)
    return first
