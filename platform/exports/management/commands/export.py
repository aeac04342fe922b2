"""`misstep export DATASET`: write labelled traces to a folder."""

import shutil
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from accounts.refusals import exit_on_refusal
from exports.curation.rule import JUDGE, Rule
from exports.curation.rule_versions import find_rule
from exports.export_job import new_export, run_export
from exports.files.layout import Layout
from exports.files.split_writer import PARTIAL
from exports.models import CurationRule, Export
from exports.recipes import RECIPES
from exports.storage.export_store import check_settings, folder_of, has_bucket
from traces.management.lookup import get_dataset
from traces.models import Dataset, Judge, Problem

USUAL = "best"


class Command(BaseCommand):
    help = "Write the labelled traces of a dataset to a folder for training."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dataset")
        parser.add_argument("--recipe", choices=sorted(RECIPES), default="mistake-tuning")
        parser.add_argument("--rule", help="saved curation rule: NAME or NAME@VERSION")
        parser.add_argument(
            "--labels",
            default=USUAL,
            help=(
                "without a rule: best (consensus, unanimous people, dataset labels), "
                "reference, human, or the name or number of a judge"
            ),
        )
        parser.add_argument("--subset", default="", help="without a rule: only this subset")
        parser.add_argument("--validation", type=float, default=0.0, metavar="SHARE")
        parser.add_argument("--test", type=float, default=0.0, metavar="SHARE")
        parser.add_argument(
            "--option",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="option of the recipe; docs/exports.md lists all",
        )
        parser.add_argument("--format", choices=["jsonl", "parquet"], default="")
        parser.add_argument("--compression", choices=["zstd", "none"], default="zstd")
        parser.add_argument("--rows-per-file", type=int, default=Layout().rows_per_file)
        place = parser.add_mutually_exclusive_group()
        place.add_argument("--output", type=Path, help="folder to write; it must not exist")
        place.add_argument("--bucket", action="store_true", help="store in the S3 bucket")

    @exit_on_refusal
    def handle(self, **options: Any) -> None:
        dataset = get_dataset(options["dataset"])
        output: Path | None = options["output"]
        if output and output.exists():
            raise CommandError(f"{output} already exists. Choose another folder.")
        try:
            export = _started(dataset, options)
        except (OSError, msgspec.ValidationError) as error:
            raise CommandError(str(error)) from error
        run_export(export.pk)
        export.refresh_from_db()
        if export.status != Export.Status.FINISHED:
            raise CommandError(export.error)
        folder = folder_of(export)
        if output:
            copy_whole(folder, output)
        self.stdout.write(f"{export.row_count} rows in {export.location or output or folder}")


def copy_whole(folder: Path, output: Path) -> None:
    """Copy a folder and publish it by a rename, so that it is complete or absent."""
    partial = output.with_name(output.name + PARTIAL)
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(folder, partial)
    partial.rename(output)


def _started(dataset: Dataset, options: dict[str, Any]) -> Export:
    if options["bucket"]:
        check_settings()
        if not has_bucket():
            raise CommandError("No S3 bucket: set MISSTEP_S3_BUCKET.")
    layout = {
        "file_format": options["format"],
        "compression": options["compression"],
        "rows_per_file": options["rows_per_file"],
    }
    return new_export(
        dataset,
        recipe=options["recipe"],
        rule=_rule(dataset, options),
        options=_recipe_options(options["option"]),
        layout=msgspec.convert(layout, Layout),
        to_bucket=options["bucket"],
    )


def _rule(dataset: Dataset, options: dict[str, Any]) -> Rule | CurationRule:
    shares = {"validation": options["validation"], "test": options["test"]}
    if options["rule"]:
        if options["labels"] != USUAL or options["subset"] or any(shares.values()):
            raise CommandError(
                "--rule can't be combined with --labels, --subset, --validation or --test."
            )
        return find_rule(dataset, options["rule"])
    _check_subset(dataset, options["subset"])
    subsets = (options["subset"],) if options["subset"] else ()
    labels = _labels(options["labels"])
    try:
        return Rule(labels=labels, subsets=subsets, **shares)
    except ValueError as error:
        raise CommandError(str(error)) from error


def _labels(labels: str) -> tuple[str, ...]:
    if labels == USUAL:
        return Rule().labels
    if labels in {"reference", "human"}:
        return (labels,)
    by_number = labels.isdecimal()
    judges = Judge.objects.filter(pk=int(labels[:18])) if by_number else _judges_named(labels)
    if len(judges) != 1:
        word = "number" if by_number else "name"
        there = f"{len(judges)} judges have" if judges else "no judge has"
        raise CommandError(
            f"--labels {labels}: {there} this {word}; write best, reference, human, or the name or "
            f"number of one judge{_numbers(judges)}."
        )
    return (f"{JUDGE}{judges[0].pk}",)


def _judges_named(name: str) -> QuerySet[Judge]:
    kinds = [Judge.Kind.MODEL, Judge.Kind.HUMAN]
    return Judge.objects.named(name).filter(kind__in=kinds).order_by("pk")


def _numbers(judges: Iterable[Judge]) -> str:
    """Return the ids of several matches with what tells them apart."""
    told = ", ".join(f"{judge.pk} {judge}" for judge in judges)
    return f" ({told})" if told else ""


def _recipe_options(pairs: list[str]) -> dict[str, str]:
    options = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not sign:
            raise CommandError(f"--option {pair}: use NAME=VALUE.")
        options[name.replace("-", "_")] = value
    return options


def _check_subset(dataset: Dataset, subset: str) -> None:
    subsets = Problem.objects.filter(dataset=dataset).order_by("subset")
    names = list(subsets.values_list("subset", flat=True).distinct())
    if subset and subset not in names:
        there = ", ".join(names[:20])
        raise CommandError(f"{dataset.name} has no subset {subset!r}. Subsets: {there}.")
