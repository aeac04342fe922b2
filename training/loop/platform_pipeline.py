"""The experiment's way through the platform: import traces, review them, export them."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import orjson

from accounts.models import User
from exports.curation.rule import Rule
from exports.export_job import new_export, run_export
from exports.models import Export
from exports.storage.export_store import folder_of
from traces.imports.import_job import create_import, run_import
from traces.models import Dataset, Import, Judge, Trace, Verdict

Row = dict[str, Any]
REVIEWER = "truth"


def import_rows(name: str, rows: Iterable[Row], scratch: Path) -> Dataset:
    """Import rows of the general format and return the dataset.

    Raises RuntimeError if a row is rejected.
    """
    scratch.mkdir(parents=True, exist_ok=True)
    path = scratch / f"{name}.jsonl"
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    created = create_import(dataset_name=name, source=str(path), format="general")
    run_import(created.pk)
    finished = Import.objects.get(pk=created.pk)
    if finished.status != Import.Status.FINISHED or finished.rejected:
        raise RuntimeError(f"The import of {path} failed: {finished.error or 'rows rejected'}")
    return Dataset.objects.get(name=name)


def review_traces(dataset: Dataset, truth: Callable[[str, list[str]], int]) -> int:
    """Write a human verdict on every trace that has none, and return their number.

    `truth` takes the problem and the steps and returns the earliest error.
    """
    reviewer, _ = User.objects.get_or_create(username=REVIEWER)
    judge, _ = Judge.objects.get_or_create(kind="human", name=REVIEWER, user=reviewer)
    unreviewed = Trace.objects.filter(dataset=dataset).exclude(verdicts__judge=judge)
    verdicts = [
        Verdict(
            trace=trace,
            step_count=trace.step_count,
            judge=judge,
            earliest_error=truth(trace.problem.text, trace.steps),
            origin=Verdict.Origin.REVIEW,
        )
        for trace in unreviewed.select_related("problem")
    ]
    Verdict.objects.bulk_create(verdicts, batch_size=2_000)
    return len(verdicts)


def export_dataset(dataset: Dataset, recipe: str, **options: Any) -> Path:
    """Export everything that is reviewed, including duplicates, and return the folder.

    Raises RuntimeError if the export fails.
    """
    rule = Rule(labels=("human",), duplicates="kept")
    export = new_export(dataset, recipe=recipe, rule=rule, options=options)
    run_export(export.pk)
    export.refresh_from_db()
    if export.status != Export.Status.FINISHED:
        raise RuntimeError(f"Export {export.pk} failed: {export.error}")
    return folder_of(export)
