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
    help = "Bring in traces, with their labels, from a file, a folder or a dataset of the Hub."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="a file, a folder, or hub:owner/name")
        parser.add_argument("--dataset", help="the dataset's name; unset, the file's")
        parser.add_argument(
            "--format",
            default="",
            choices=list(FORMATS),
            metavar="FORMAT",
            help="found from the fields; with --map, general",
        )
        parser.add_argument("--revision", help="of a dataset of the Hub: branch, tag or commit")
        parser.add_argument(
            "--neutral",
            default="positive",
            choices=["positive", "negative"],
            help="what a step rated 0 counts as: positive unless given, as in ProcessBench",
        )
        parser.add_argument(
            "--map",
            action="append",
            default=[],
            metavar="FIELD=PATH",
            help="where the rows keep a field, such as problem=question.text; once a field",
        )
        parser.add_argument(
            "--cut",
            default="blank-line",
            choices=list(SPLITTERS),
            help="where a text that is not yet in steps is cut: at blank lines unless given",
        )
        parser.add_argument(
            "--marker", default="", help="what stands between steps, for --cut marker"
        )
        parser.add_argument(
            "--label-base",
            type=int,
            default=0,
            choices=[0, 1],
            help="what the file's labels call the first step: 0 unless given",
        )
        parser.add_argument("--generator", default="", help="for rows that name none")
        parser.add_argument("--subset", default="", help="for rows that name none")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--report", type=Path, help="write the refused rows to this file")

    def handle(self, **given: Any) -> None:
        source = source_of(given["source"], given["revision"])
        if given["report"] and not given["report"].resolve().parent.is_dir():
            raise CommandError(
                f"--report {given['report']}: there is no such folder; make it first."
            )
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
        self.stdout.write(f"Nothing was stored. Into {what['dataset_name']} would go:")
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
            (counts.traces_new, "traces new"),
            (counts.traces_duplicate, "of them with the content of another trace"),
            (counts.traces_known, "traces known"),
            (counts.problems_new, "problems new"),
            (counts.labels_new, "labels new"),
            (counts.labels_changed, "labels changed"),
            (counts.rejected, "rows refused"),
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
            self.stdout.write(f"All refused rows: {report}")
        elif count > SHOWN_REJECTIONS:
            self.stdout.write(
                f"and {count - SHOWN_REJECTIONS:,} more; --report FILE writes them out."
            )


def place_of(row: RejectedRow) -> str:
    """Line 0 stands for a whole file of several, and an empty field for the whole row."""
    return ", ".join(part for part in (f"line {row.line}" if row.line else "", row.field) if part)


def source_of(text: str, revision: str | None) -> str:
    """The source as an import keeps it: a full path, whatever folder the worker runs in."""
    if text.startswith(HUB):
        return f"{text}@{revision}" if revision else text
    if revision:
        raise CommandError("--revision goes with hub:owner/name; a file has none.")
    return str(Path(text).resolve())


def options_of(given: dict[str, Any]) -> ReadOptions:
    pairs = [text.partition("=") for text in given["map"]]
    for name, equals, path in pairs:
        if not (name and equals and path):
            raise CommandError(
                f"--map {name}{equals}{path}: write FIELD=PATH, such as problem=question."
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
