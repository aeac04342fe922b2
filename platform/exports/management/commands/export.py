"""`misstep export DATASET`: write labelled traces to a folder."""

import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exports.exporting import folder_of, run_export
from exports.models import Export
from exports.recipes import RECIPES
from exports.selection import Choices
from traces.models import Dataset, Judge, Problem


class Command(BaseCommand):
    help = "Write a dataset's labelled traces to a folder that a training job loads as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dataset")
        parser.add_argument("--recipe", choices=sorted(RECIPES), default="mistake-tuning")
        parser.add_argument(
            "--labels", default="best", help="best, reference, human, or the number of a judge"
        )
        parser.add_argument("--subset", default="")
        parser.add_argument("--output", type=Path, help="the folder to write; it must not exist")

    def handle(self, **options: Any) -> None:
        dataset = Dataset.objects.filter(name=options["dataset"]).first()
        if dataset is None:
            raise CommandError(f"There is no dataset named {options['dataset']!r}.")
        output: Path | None = options["output"]
        if output and output.exists():
            raise CommandError(f"{output} exists already; name a folder that does not.")
        labels = options["labels"]
        if labels not in {"best", "reference", "human"} and not labels.isdecimal():
            raise CommandError("--labels is best, reference, human, or the number of a judge.")
        if labels.isdecimal() and not Judge.objects.filter(pk=int(labels[:18])).exists():
            raise CommandError(f"--labels {labels}: no judge has this number.")
        _check_subset(dataset, options["subset"])
        export = Export.objects.create(
            dataset=dataset,
            recipe=options["recipe"],
            choices=Choices(labels=labels, subset=options["subset"]).as_json(),
        )
        run_export(export.pk)
        export.refresh_from_db()
        if export.status != Export.Status.FINISHED:
            raise CommandError(export.error)
        folder = folder_of(export)
        if output:
            shutil.copytree(folder, output)
        self.stdout.write(f"{export.row_count} rows in {output or folder}")


def _check_subset(dataset: Dataset, subset: str) -> None:
    subsets = Problem.objects.filter(dataset=dataset).order_by("subset")
    names = list(subsets.values_list("subset", flat=True).distinct())
    if subset and subset not in names:
        there = ", ".join(names[:20])
        raise CommandError(f"{dataset.name} has no subset {subset!r}; there are: {there}.")
