"""The way through the platform: traces go in, the truth judges them, an export comes out."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import orjson

from accounts.models import User
from exports.curation.rule import Rule
from exports.models import Export
from exports.run import new_export, run_export
from exports.storage.store import folder_of
from traces.imports.run import create_import, run_import
from traces.models import Dataset, Import, Judge, Trace, Verdict

Row = dict[str, Any]
REVIEWER = "truth"


def bring_in(name: str, rows: Iterable[Row], scratch: Path) -> Dataset:
    """Import rows of the general format as a dataset. Raises RuntimeError if any is refused."""
    scratch.mkdir(parents=True, exist_ok=True)
    path = scratch / f"{name}.jsonl"
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    created = create_import(dataset_name=name, source=str(path), format="general")
    run_import(created.pk)
    done = Import.objects.get(pk=created.pk)
    if done.status != Import.Status.FINISHED or done.rejected:
        raise RuntimeError(f"The import of {path} went wrong: {done.error or 'rows refused'}")
    return Dataset.objects.get(name=name)


def review(dataset: Dataset, truth: Callable[[str, list[str]], int]) -> int:
    """A verdict of the reviewer on every trace that has none: `truth` takes problem and steps, and
    gives the earliest error. Returns how many."""
    reviewer, _ = User.objects.get_or_create(username=REVIEWER)
    judge, _ = Judge.objects.get_or_create(kind="human", name=REVIEWER, user=reviewer)
    waiting = Trace.objects.filter(dataset=dataset).exclude(verdicts__judge=judge)
    verdicts = [
        Verdict(
            trace=trace,
            step_count=trace.step_count,
            judge=judge,
            earliest_error=truth(trace.problem.text, trace.steps),
            origin=Verdict.Origin.REVIEW,
        )
        for trace in waiting.select_related("problem")
    ]
    Verdict.objects.bulk_create(verdicts, batch_size=2_000)
    return len(verdicts)


def send_out(dataset: Dataset, recipe: str, **options: Any) -> Path:
    """The folder of an export of all that is reviewed, attempts that are alike included."""
    rule = Rule(labels=("human",), duplicates="kept")
    export = new_export(dataset, recipe=recipe, rule=rule, options=options)
    run_export(export.pk)
    export.refresh_from_db()
    if export.status != Export.Status.FINISHED:
        raise RuntimeError(f"Export {export.pk} failed: {export.error}")
    return folder_of(export)
